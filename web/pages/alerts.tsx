import { Notice } from "../components/actions.tsx";
import { AlertForm, keepQuoted } from "../components/alert-form.tsx";
import { AlertHistory } from "../components/alert-history.tsx";
import { AlertList } from "../components/alert-list.tsx";
import { Frame, Sources, start } from "../components/frame.tsx";
import { SignIn } from "../components/sign-in.tsx";
import { Webhooks } from "../components/webhooks.tsx";
import { follow, providers, type Workspace, workspace } from "../lib/alerts.ts";
import { fill } from "../lib/language.ts";
import { words } from "../lib/reader.ts";
import { signOut } from "../lib/session.ts";
import "../styles/alerts.css";

function Alerts() {
  const text = words("alerts");
  const own = workspace.value;
  return (
    <Frame path="/alerts" title={text.title} footer={<Sources providers={providers.data} />}>
      <h1>{text.title}</h1>
      {own ? (
        <SignedIn {...own} />
      ) : (
        <>
          <p class="lead">
            {text.lead} <a href="/docs#createAlert">{text.guide}</a>.
          </p>
          <SignIn />
        </>
      )}
      <Notice />
    </Frame>
  );
}

function SignedIn(own: Workspace) {
  const text = words("alerts");
  const account = own.account.data;
  return (
    <>
      <p class="who">
        <span>{account && fill(text.signedInAs, { ...account })}</span>
        <button type="button" class="quiet" onClick={signOut}>
          {text.signOut}
        </button>
      </p>
      <div class="grid alerts">
        <AlertList {...own} />
        <AlertForm {...own} />
        <AlertHistory {...own} />
        <Webhooks {...own} />
      </div>
    </>
  );
}

keepQuoted();
follow();
start(Alerts);
