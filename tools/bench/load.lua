-- Asks for the paths of a file, one after the other, and prints one line of JSON at the end.
-- Arguments: the file of paths, the body of a POST or "-" for a GET, how many milliseconds each connection waits on average
-- before it asks again, then headers as Name:value.

local requests = {}
local at = 0

function init(args)
  local headers = {}
  local body = args[2] ~= "-" and args[2] or nil
  for index = 4, #args do
    local name, value = args[index]:match("^([^:]+):(.*)$")
    headers[name] = value
  end
  local pause = tonumber(args[3])
  if pause > 0 then
    -- Never in step with the others.
    function delay() return math.random(0, 2 * pause) end
  end
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format(body and "POST" or "GET", path, headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"micros":%d,"bytes":%d,"refused":%d,"broken":%d,"p50":%d,"p95":%d,"p99":%d,"max":%d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
end
