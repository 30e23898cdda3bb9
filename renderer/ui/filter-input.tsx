export interface FilterInputProps {
  label: string;
  value: string;
  onText(text: string): void;
}

/** The field that narrows the list of a page; the key `/` goes to it (use-keys.ts). */
export function FilterInput({ label, value, onText }: FilterInputProps) {
  return (
    <input
      data-filter
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onText(event.target.value)}
      className="control w-52"
    />
  );
}
