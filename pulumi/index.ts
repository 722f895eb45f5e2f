import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./config.ts";
import { withImage } from "./image.ts";
import { Platform } from "./platform.ts";

const stack = pulumi.getStack();
const config = withImage(stack, pulumi.runtime.allConfig(), process.env.PARIDAD_IMAGE_DIGEST);
const platform = new Platform(readSettings(stack, config));

export const {
  originUrl,
  imageDigest,
  repositoryUrl,
  autoScalingGroup,
  migrationProject,
  externalIssuer,
  recoveryVault,
} = platform.outputs;
