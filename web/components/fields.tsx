import type { ComponentChildren } from "preact";
import { fill } from "../lib/language.ts";
import { words } from "../lib/reader.ts";

interface SelectProps {
  label: string;
  value: string;
  onChoose: (value: string) => void;
  /** Values, or values with what is shown for them. */
  options: readonly (string | readonly [value: string, label: string])[];
  /** For those who do not see: the label is not shown. */
  isLabelHidden?: boolean;
}

/** A choice among a few. */
export function Select({ label, value, onChoose, options, isLabelHidden }: SelectProps) {
  return (
    <label>
      <span class={isLabelHidden ? "unseen" : undefined}>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {options.map((option) => {
          const [name, shown] = typeof option === "string" ? [option, option] : option;
          return (
            <option key={name} value={name}>
              {shown}
            </option>
          );
        })}
      </select>
    </label>
  );
}

/** A table that is wider than a phone: it scrolls by itself, by keyboard too. */
export function Scroll({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="scroll" aria-label={fill(words("common").tableOf, { name })} tabIndex={0}>
      {children}
    </section>
  );
}
