/** How errors look under the paths of other services' APIs, whose clients read only their own form. */

interface FacadeError {
  status: number;
  message: string;
}

type ErrorForm = (error: FacadeError) => object;

const FORMS: readonly { paths: RegExp; form: ErrorForm }[] = [
  {
    paths: /^\/frankfurter(?:\/|$)/,
    form: ({ status, message }) => ({ status, message }),
  },
];

/** The body of an error under such a path; undefined under every other. */
export function facadeErrorBody(path: string, error: FacadeError): string | undefined {
  const found = FORMS.find(({ paths }) => paths.test(path));
  return found && JSON.stringify(found.form(error));
}
