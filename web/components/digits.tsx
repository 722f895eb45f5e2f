import { groupsOf } from "../lib/format.ts";

/** A decimal as it was published; long ones have a little space between thousands, which copying leaves out. */
export function Digits({ value }: { value: string }) {
  const groups = groupsOf(value);
  return (
    <span class="digits">
      {groups.map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}
