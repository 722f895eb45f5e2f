import { effect } from "@preact/signals-core";
import { type ComponentChildren, type ComponentType, render } from "preact";
import type { Providers } from "../lib/api.ts";
import { isLive, isPaused, trouble, wake } from "../lib/feeds.ts";
import { dateInMexico, showDate, showTime } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { choose, language, words } from "../lib/reader.ts";

/** What all pages have: the header with the navigation, what is wrong at the moment, and the footer. */

const PAGES = [
  ["/", "today"],
  ["/explore", "explore"],
  ["/world", "world"],
  ["/cfdi", "cfdi"],
  ["/alerts", "alerts"],
  ["/status", "status"],
] as const;

interface FrameProps {
  /** The path of the page. */
  path: string;
  /** Of the document; the name of the platform is added. */
  title: string;
  children: ComponentChildren;
  footer?: ComponentChildren;
}

/** Shows a page in place of what its HTML has for readers without scripts, and again whenever a signal changes. */
export function start(Page: ComponentType): void {
  const root = document.getElementById("app");
  if (!root) return;
  root.replaceChildren();
  effect(() => {
    document.documentElement.lang = language.value;
    render(<Page />, root);
  });
}

export function Frame({ path, title, children, footer }: FrameProps) {
  const text = words("common");
  document.title = `${title} · Paridad`;
  return (
    <>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      <header class="top">
        <div class="bar">
          <a class="brand" href="/">
            <span aria-hidden="true" />
            Paridad
          </a>
          <nav aria-label={text.pages}>
            <ul>
              {PAGES.map(([href, name]) => (
                <li key={href}>
                  <a href={href} aria-current={href === path ? "page" : undefined}>
                    {text[name]}
                  </a>
                </li>
              ))}
              <li>
                <a href="/docs">{text.docs}</a>
              </li>
            </ul>
          </nav>
          <Live />
          <button
            type="button"
            class="quiet"
            lang={language.value === "es" ? "en" : "es"}
            onClick={() => choose(language.value === "es" ? "en" : "es")}
          >
            {text.otherLanguage}
          </button>
        </div>
      </header>
      <Trouble />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="bottom">{footer}</footer>
    </>
  );
}

/** Whether the page is kept current, and the button that ends and resumes it. */
function Live() {
  const text = words("common");
  const state = isPaused.value ? "paused" : trouble.value ? "cutOff" : isLive.value ? "live" : "polled";
  return (
    <div class="live" data-state={state}>
      <span role="status">{text[state]}</span>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          isPaused.value = !isPaused.value;
        }}
      >
        {isPaused.value ? text.resume : text.pause}
      </button>
    </div>
  );
}

function Trouble() {
  const text = words("common");
  const found = trouble.value;
  if (!found) return <div role="alert" />;
  const { hasNoResponse, sinceMs } = found;
  const since = `${showDate(dateInMexico(sinceMs), language.value)}, ${showTime(sinceMs, language.value, true)}`;
  return (
    <div role="alert">
      <div class="banner">
        <p>
          <b>{hasNoResponse ? text.noResponse : text.noRates}</b>{" "}
          {sinceMs > 0 ? fill(text.shownSince, { time: since }) : text.nothingYet} {text.tryingAgain}
        </p>
        <button type="button" onClick={wake}>
          {text.tryNow}
        </button>
      </div>
    </div>
  );
}

/** Says that a rate may be old, and why. */
export function StaleNote({ reason }: { reason: string | null }) {
  const text = words("common");
  return (
    <div class="banner" role="status">
      <p>
        <b>{text.stale}</b> {reason && text.reasons[reason]}
      </p>
    </div>
  );
}

interface Source {
  attribution: string;
  licence_url: string;
}

/** Who publishes the rates that a page shows, and on which terms. */
export function SourceLine({ sources }: { sources: readonly Source[] }) {
  const text = words("common");
  return (
    <>
      <p>
        {text.source}:{" "}
        {sources.map(({ attribution, licence_url }, index) => (
          <>
            {index > 0 && "; "}
            {attribution} (
            <a href={licence_url} rel="noreferrer">
              {text.licence}
            </a>
            )
          </>
        ))}
        .
      </p>
      <p>{text.notEndorsed}</p>
    </>
  );
}

/** The same for all providers of the deployment. */
export function Sources({ providers }: { providers: Providers | undefined }) {
  const sources = providers?.providers.map(({ attribution, licence }) => ({
    attribution: attribution[language.value],
    licence_url: licence.url,
  }));
  return sources ? <SourceLine sources={sources} /> : null;
}
