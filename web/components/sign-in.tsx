import { signal } from "@preact/signals-core";
import { RequestFailure } from "../lib/api.ts";
import { reasonOf } from "../lib/notice.ts";
import { words } from "../lib/reader.ts";
import { hasExpired, isKeyRefused, signIn } from "../lib/session.ts";
import { Turn } from "../lib/turn.ts";

const problem = signal("");
const turn = new Turn();

/** Asks for a key. What is typed stays in the form: it is in no URL and in no storage. */
export function SignIn() {
  const text = words("alerts");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const [id, secret] = [String(given.get("id")).trim(), String(given.get("secret")).trim()];
    if (id === "" || secret === "") {
      problem.value = text.bothNeeded;
      return;
    }
    await turn.take(async () => {
      try {
        await signIn(id, secret);
        problem.value = "";
      } catch (error) {
        if (!(error instanceof RequestFailure)) throw error;
        problem.value = isKeyRefused(error) ? text.badKey : reasonOf(error);
      }
    });
  };
  return (
    <section class="card sign-in" aria-labelledby="sign-in">
      <h2 id="sign-in">{text.signIn}</h2>
      <form method="post" onSubmit={submit} noValidate>
        <label>
          {text.clientId}
          <input name="id" autoComplete="username" autoCapitalize="none" spellcheck={false} required />
        </label>
        <label>
          {text.clientSecret}
          <input name="secret" type="password" autoComplete="current-password" required aria-describedby="key-note" />
        </label>
        <p role="alert" class="problem">
          {problem.value || (hasExpired.value && text.expired)}
        </p>
        <button type="submit" class="primary" aria-disabled={turn.isTaken}>
          {text.signIn}
        </button>
      </form>
      <p id="key-note" class="note">
        {text.signInNote}
      </p>
    </section>
  );
}
