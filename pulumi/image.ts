import { ConfigError } from "./config-values.ts";

/** What the environment variable PARIDAD_IMAGE_DIGEST holds for a first deployment, before there is an image. */
export const noImage = "none";

/**
 * Adds the image that an operator named in the environment. It is no setting: `pulumi up --config` saves what it is given
 * to the stack's file, from where it would come back, old, with any later `up`.
 */
export function withImage(
  stack: string,
  raw: Record<string, string>,
  image: string | undefined,
): Record<string, string> {
  if (image === undefined || image === "") return raw;
  const saved = ["paridad:imageDigest", "paridad:firstDeployment"].filter((key) => raw[key] !== undefined);
  if (saved.length > 0)
    throw new ConfigError(
      stack,
      saved.map((key) => `${key}: must not be saved here`),
    );
  return image === noImage ? { ...raw, "paridad:firstDeployment": "true" } : { ...raw, "paridad:imageDigest": image };
}
