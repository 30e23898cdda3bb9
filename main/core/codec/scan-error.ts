/** What is wrong with a text and where; made into a CodecFault at the codec's edge. */
export class ScanError extends Error {
  /** Byte offset. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at byte ${at}`);
    this.name = 'ScanError';
    this.at = at;
  }
}
