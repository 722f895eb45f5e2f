/** How errors look under the paths of other services' APIs, whose clients read only their own form. */

export interface FacadeError {
  status: number;
  /** A few words, as the service itself writes them. */
  message: string;
  /** A sentence. */
  detail: string;
  /** Set if the facade refused the request itself, rather than the host or the router. */
  isRefusal: boolean;
}

type ErrorForm = (error: FacadeError) => object;

const FORMS: readonly { paths: RegExp; form: ErrorForm }[] = [
  {
    paths: /^\/frankfurter\/(?!v2(?:\/|$))/,
    form: ({ status, message, isRefusal }) => (isRefusal ? { message } : { status, message }),
  },
  { paths: /^\/frankfurter(?:\/|$)/, form: ({ status, message }) => ({ status, message }) },
  {
    paths: /^\/SieAPIRest(?:\/|$)/,
    form: ({ message, detail }) => ({ error: { mensaje: message, detalle: detail } }),
  },
  {
    paths: /^\/api\/(?:(?:latest|currencies)\.json|historical)(?:\/|$)/,
    form: ({ status, message, detail }) => ({ error: true, status, message, description: detail }),
  },
  { paths: /^\/v6(?:\/|$)/, form: ({ message }) => ({ result: "error", "error-type": message }) },
];

/** The body of an error under such a path; undefined under every other. */
export function facadeErrorBody(path: string, error: FacadeError): string | undefined {
  const found = FORMS.find(({ paths }) => paths.test(path));
  return found && JSON.stringify(found.form(error));
}
