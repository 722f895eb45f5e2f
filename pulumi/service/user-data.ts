import { type InstanceFacts, type InstanceFile, instanceFiles } from "./instance-files.ts";

/** EC2 refuses more. */
const limitBytes = 16_384;

/** The cloud-config that turns a plain Amazon Linux 2023 instance into an origin. */
export function userData(facts: InstanceFacts): string {
  const document = `#cloud-config
packages: [docker, jq, openssl, amazon-cloudwatch-agent]
write_files:
${instanceFiles(facts).map(fileEntry).join("")}runcmd:
  - [systemctl, daemon-reload]
  - [systemctl, enable, --now, docker.service]
  - [systemctl, enable, --now, --no-block, paridad-origin.service]
  - [systemctl, enable, --now, --no-block, paridad-watch.service]
  - [/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl, -a, fetch-config, -m, ec2, -s, -c, "file:/etc/paridad/cloudwatch-agent.json"]
`;
  if (Buffer.byteLength(document) > limitBytes) throw new RangeError(`user data exceeds ${limitBytes} bytes`);
  return document;
}

function fileEntry(file: InstanceFile): string {
  const content = file.content.replace(/^(?=.)/gm, "      ");
  return `  - path: ${file.path}\n    permissions: "${file.permissions}"\n    content: |\n${content}`;
}
