/** `1 tool`, `12 tools`, `1 200 tools`: a count with its noun. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** Thousands are parted by a narrow space, as in the rest of the interface. */
export function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** The same with the digits as they are: for menus, terminals and logs, whose fonts may lack a narrow space. */
export function plainCount(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
