import type * as pulumi from "@pulumi/pulumi";

/** The types of this program's resources that AWS lets carry tags; a test compares them with the SDK's. */
export const taggableTypes: ReadonlySet<string> = new Set([]);

/** Gives every resource below a component the stack's tags; its own come on top. */
export function tagged(tags: Record<string, string>): pulumi.ResourceTransformation {
  return ({ type, props, opts }) => {
    if (!taggableTypes.has(type)) return undefined;
    return { props: { ...props, tags: { ...tags, ...props.tags } }, opts };
  };
}
