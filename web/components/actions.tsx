import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Feed } from "../lib/feed.ts";
import { fill } from "../lib/language.ts";
import { attempt, notice } from "../lib/notice.ts";
import { words } from "../lib/reader.ts";
import { Turn } from "../lib/turn.ts";

interface ActionProps {
  label: string;
  /** What it is done to, for those who do not see the row. */
  of: string;
  /** Returns what is said afterwards. */
  work: () => Promise<string>;
  /** Asked first, if it can't be undone. */
  question?: string;
}

/** A button that does something by the API, once at a time. */
export function Action({ label, of, work, question }: ActionProps) {
  const text = words("alerts");
  const [isAsking, setAsking] = useState(false);
  const [turn] = useState(() => new Turn());
  const group = useRef<HTMLSpanElement>(null);
  const hasAsked = useRef(false);
  const run = () => turn.take(() => attempt(work));
  useEffect(() => {
    if (isAsking || hasAsked.current) group.current?.querySelector("button")?.focus();
    hasAsked.current = isAsking;
  }, [isAsking]);
  if (!isAsking)
    return (
      <span ref={group}>
        <button
          type="button"
          class="small"
          aria-disabled={turn.isTaken}
          onClick={question ? () => setAsking(!turn.isTaken) : run}
        >
          {label} <span class="unseen">{of}</span>
        </button>
      </span>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would stand on a line of its own.
    <span
      role="group"
      class="asking"
      ref={group}
      aria-label={`${question} ${of}`}
      onKeyDown={({ key }) => key === "Escape" && setAsking(false)}
    >
      {question}
      <button
        type="button"
        class="small danger"
        onClick={async () => {
          setAsking(false);
          await run();
        }}
      >
        {text.confirm}
      </button>
      <button type="button" class="small" onClick={() => setAsking(false)}>
        {text.cancel}
      </button>
    </span>
  );
}

/** What came of the last action, in sight wherever the reader is. */
export function Notice() {
  const found = notice.value;
  return (
    <div class="notice" role={found?.isProblem ? "alert" : "status"}>
      {found && (
        <p class={found.isProblem ? "problem" : undefined}>
          {found.text}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              notice.value = undefined;
            }}
          >
            {words("alerts").close}
          </button>
        </p>
      )}
    </div>
  );
}

interface PanelProps {
  id: string;
  title: string;
  children: ComponentChildren;
}

/** A card with a heading. */
export function Panel({ id, title, children }: PanelProps) {
  return (
    <section class={`card ${id}`} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** The reader's place after what had the focus is gone. */
export function focusOn(id: string): void {
  document.getElementById(id)?.focus();
}

/** Says that a part of the page may not be read by this key. */
export function Denied({ feed }: { feed: Pick<Feed<unknown>, "failure" | "isCutOff"> }) {
  const detail = feed.failure.value?.problem?.detail;
  return detail && !feed.isCutOff ? <p class="problem">{fill(words("alerts").notAllowed, { detail })}</p> : null;
}
