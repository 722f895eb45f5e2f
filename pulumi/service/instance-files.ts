/** Everything that a fresh instance must know. No secret is among it: the instance fetches those itself. */
export interface InstanceFacts {
  region: string;
  /** What the origin calls itself: a recovery stack stands in for production under another name. */
  environment: string;
  groupName: string;
  /** The image by digest: `repository@sha256:…`. */
  image: string;
  /** For the load balancer, with TLS. */
  port: number;
  memoryMb: number;
  traceSamplePercent: number;
  /** See core/providers/catalogue. */
  providers: string;
  /** See core/time/closures. */
  extraClosures: string;
  /** See core/ops/policy.ts. */
  facadeHosts: string;
  /** The URL that clients use, for access tokens; "" if there is none. */
  publicUrl: string;
  /** EXTERNAL_ISSUER; "" if there is none. */
  externalIssuer: string;
  writerHost: string;
  readerHost: string;
  edgeTokenSecret: string;
  tokenKeysSecret: string;
  deliverTokenSecret: string;
  webhookKeySecret: string;
  metricsTokenSecret: string;
  sentryDsnSecret: string;
  databaseUserSecret: string;
  originLogGroup: string;
  hostLogGroup: string;
}

export interface InstanceFile {
  path: string;
  permissions: "0644" | "0755";
  content: string;
}

/** The origin's plain port, open to the instance itself and to operators' tunnels. */
const localPort = 8788;

/** The uid that the container runs as; it owns the one file that it reads secrets from. */
const containerUid = 10_001;

/** The files that cloud-init writes on an instance. */
export function instanceFiles(facts: InstanceFacts): InstanceFile[] {
  return [
    { path: "/usr/local/bin/paridad-origin", permissions: "0755", content: originScript(facts) },
    { path: "/usr/local/bin/paridad-watch", permissions: "0755", content: watchScript(facts) },
    {
      path: "/etc/systemd/system/paridad-watch.service",
      permissions: "0644",
      content: unit("Paridad liveness", "/usr/local/bin/paridad-watch", "Restart=always"),
    },
    {
      path: "/etc/systemd/system/paridad-origin.service",
      permissions: "0644",
      content: unit(
        "Paridad origin",
        "/usr/local/bin/paridad-origin",
        "Type=oneshot\nRemainAfterExit=yes\nTimeoutStartSec=300",
      ),
    },
    { path: "/etc/paridad/cloudwatch-agent.json", permissions: "0644", content: json(agentConfig(facts)) },
  ];
}

/**
 * Fetches the secrets into memory (/run is a tmpfs) and starts the container. They are not given as `--env`: Docker
 * writes a container's environment to disk. Node reads them from the one mounted file instead.
 */
function originScript(facts: InstanceFacts): string {
  return `#!/bin/bash
set -euo pipefail
umask 077
region='${facts.region}'
image='${facts.image}'

secret() {
  aws secretsmanager get-secret-value --region "$region" --secret-id "$1" --version-stage "$2" --query SecretString --output text
}

# A secret that has no value yet is off, as - is; any other failure ends the start.
optional() {
  local value
  if ! value=$(secret "$1" AWSCURRENT 2>/run/paridad/secret-error); then
    grep --quiet ResourceNotFoundException /run/paridad/secret-error || return 1
    value=''
  fi
  [ "$value" = '-' ] || printf '%s' "$value"
}

metadata() {
  local token
  token=$(curl --silent --show-error --fail --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
  curl --silent --show-error --fail --header "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}

install --directory --mode 0711 /run/paridad
export DOCKER_CONFIG=/run/paridad/docker
aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "\${image%%/*}"
docker pull --quiet "$image"

edge_tokens=$(secret '${facts.edgeTokenSecret}' AWSCURRENT)
# The version before stays valid while a new one takes over; a secret never rotated has none.
if previous=$(secret '${facts.edgeTokenSecret}' AWSPREVIOUS 2>/dev/null); then
  edge_tokens="$edge_tokens,$previous"
fi
token_keys=$(optional '${facts.tokenKeysSecret}')
deliver_token=$(optional '${facts.deliverTokenSecret}')
webhook_key=$(optional '${facts.webhookKeySecret}')
metrics_token=$(optional '${facts.metricsTokenSecret}')
sentry_dsn=$(optional '${facts.sentryDsnSecret}')
password=$(secret '${facts.databaseUserSecret}' AWSCURRENT | jq --raw-input --raw-output @uri)
{
  printf "DATABASE_URL='mysql://paridad_app:%s@%s:3306/paridad'\\n" "$password" '${facts.writerHost}'
  printf "DATABASE_READER_URL='mysql://paridad_app:%s@%s:3306/paridad'\\n" "$password" '${facts.readerHost}'
  printf "EDGE_TOKENS='%s'\\nTOKEN_KEYS='%s'\\nMETRICS_TOKEN='%s'\\n" "$edge_tokens" "$token_keys" "$metrics_token"
  printf "DELIVER_TOKENS='%s'\\nWEBHOOK_KEY='%s'\\nSENTRY_DSN='%s'\\n" "$deliver_token" "$webhook_key" "$sentry_dsn"
  printf "EXTERNAL_ISSUER='%s'\\n" '${facts.externalIssuer}'
} >/run/paridad/env
chown ${containerUid}:${containerUid} /run/paridad/env
chmod 0400 /run/paridad/env

# The balancer takes any certificate; this one lives as long as the instance.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 400 -subj /CN=paridad-origin \\
  -keyout /run/paridad/tls.key -out /run/paridad/tls.crt 2>/dev/null
chown ${containerUid}:${containerUid} /run/paridad/tls.key /run/paridad/tls.crt

docker rm --force paridad-origin >/dev/null 2>&1 || true
# on-failure, not always: after a reboot this script must run first, for the tmpfs is empty again.
docker run --detach --name paridad-origin --restart on-failure \\
  --user ${containerUid}:${containerUid} --read-only --tmpfs /tmp:rw,noexec,nosuid,nodev,size=64m \\
  --cap-drop ALL --security-opt no-new-privileges --pids-limit 256 \\
  --memory ${facts.memoryMb}m --memory-swap ${facts.memoryMb}m --stop-timeout 35 \\
  --publish 127.0.0.1:${localPort}:${localPort} --publish ${facts.port}:${facts.port} --add-host agent:host-gateway \\
  --log-driver awslogs --log-opt awslogs-region="$region" --log-opt awslogs-group='${facts.originLogGroup}' \\
  --log-opt awslogs-stream="$(metadata instance-id)" --log-opt mode=non-blocking --log-opt max-buffer-size=8m \\
  --mount type=bind,source=/run/paridad/env,target=/run/secrets/env,readonly \\
  --mount type=bind,source=/run/paridad/tls.crt,target=/run/secrets/tls.crt,readonly \\
  --mount type=bind,source=/run/paridad/tls.key,target=/run/secrets/tls.key,readonly \\
  --env TLS_PORT=${facts.port} --env TLS_CERTIFICATE_FILE=/run/secrets/tls.crt --env TLS_KEY_FILE=/run/secrets/tls.key \\
  --env NODE_EXTRA_CA_CERTS=/app/database-ca.pem \\
  --env PORT=${localPort} --env ENVIRONMENT='${facts.environment}' --env RELEASE="\${image##*@}" \\
  --env PUBLIC_URL='${facts.publicUrl}' \\
  --env PROVIDERS='${facts.providers}' --env EXTRA_CLOSURES='${facts.extraClosures}' --env FACADE_HOSTS='${facts.facadeHosts}' \\
  --env OTEL_EXPORTER_OTLP_ENDPOINT=http://agent:4318 --env OTEL_SERVICE_NAME=paridad-origin \\
  --env OTEL_TRACES_SAMPLER=parentbased_traceidratio --env OTEL_TRACES_SAMPLER_ARG=${facts.traceSamplePercent / 100} \\
  --entrypoint node "$image" --env-file=/run/secrets/env server.mjs
`;
}

/** The name by which a new instance's group waits for it. */
export const readyHook = "ready";
/**
 * Readiness brings a new instance into service, once; from then on liveness alone decides over its life. The group
 * itself asks neither: a database that is away makes every instance unready, and would have them all replaced.
 */
function watchScript(facts: InstanceFacts): string {
  return `#!/bin/bash
set -euo pipefail
region='${facts.region}'
group='${facts.groupName}'
token=$(curl --silent --show-error --fail --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
instance=$(curl --silent --show-error --fail --header "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)

answers() {
  curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:${localPort}/health/$1"
}

announced=no
failures=0
while true; do
  if answers live; then
    failures=0
  else
    failures=$((failures + 1))
  fi
  if [ "$announced" = no ] && answers ready; then
    # After a reboot nothing waits any more, and AWS says so.
    aws autoscaling complete-lifecycle-action --region "$region" --auto-scaling-group-name "$group" \
      --lifecycle-hook-name ${readyHook} --instance-id "$instance" --lifecycle-action-result CONTINUE || true
    announced=yes
  fi
  if [ "$failures" -eq 6 ]; then
    docker restart paridad-origin || true
  elif [ "$failures" -ge 30 ]; then
    aws autoscaling set-instance-health --region "$region" --instance-id "$instance" --health-status Unhealthy || true
  fi
  sleep 10
done
`;
}

function unit(description: string, command: string, behaviour: string): string {
  return `[Unit]
Description=${description}
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
${behaviour}
${behaviour.includes("Restart=") ? "" : "Restart=on-failure\n"}RestartSec=10
ExecStart=${command}

[Install]
WantedBy=multi-user.target
`;
}

/** What CloudWatch cannot see from outside an instance: memory, disk, how its start went, and the origin's traces. */
function agentConfig(facts: InstanceFacts) {
  const group = { log_group_name: facts.hostLogGroup, retention_in_days: -1 };
  return {
    // As root: cloud-init's log is root's alone.
    agent: { metrics_collection_interval: 60, run_as_user: "root" },
    metrics: {
      namespace: "Paridad/Host",
      append_dimensions: { AutoScalingGroupName: "$" + "{aws:AutoScalingGroupName}" },
      aggregation_dimensions: [["AutoScalingGroupName"]],
      metrics_collected: {
        mem: { measurement: ["mem_used_percent"] },
        disk: { measurement: ["used_percent"], resources: ["/"], drop_device: true },
      },
    },
    // The container comes by Docker's bridge, whose address is not fixed; the security group admits nobody else to the port.
    traces: { traces_collected: { otlp: { http_endpoint: "0.0.0.0:4318" } } },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            { file_path: "/var/log/cloud-init-output.log", log_stream_name: "{instance_id}/cloud-init", ...group },
          ],
        },
      },
    },
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
