import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./config.ts";
import { Platform } from "./platform.ts";

const platform = new Platform(readSettings(pulumi.getStack(), pulumi.runtime.allConfig()));

export const { originUrl, imageDigest, repositoryUrl, autoScalingGroup, migrationProject, recoveryVault } =
  platform.outputs;
