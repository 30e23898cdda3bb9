/** What is said about a file with more certificate authorities. */
export const authorities = {
  check: 'certificate authorities',
  fault: (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1).replace(/\.$/, '')}`,
  setting: (file: string): string => `${file} (extraCaFile of settings.json) is trusted as well`,
  fixFile: 'Name a file that holds certificates in PEM form.',
  fix: 'Correct extraCaFile in settings.json, or the file, and start Drawbridge again.',
  unreadable: (file: string, why: string): string =>
    `the file of more certificate authorities, ${file}, cannot be read. ${why}`,
  none: (file: string): string =>
    `the file of more certificate authorities, ${file}, holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)`,
  damaged: (file: string, which: number): string =>
    `the file of more certificate authorities, ${file}, holds a certificate that cannot be read (number ${which})`,
};
