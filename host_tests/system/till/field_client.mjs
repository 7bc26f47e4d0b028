// A till that nobody here wrote: npm's @adyen/api-library, told by JSON lines what to ask.
//
// Its argument is JSON: { modules, host, ca, key }; without `key` the library's unencrypted
// client asks, with it the encrypted one. A line { at, request } is asked at once, beside those
// under way; a line { at, reply } or { at, fault } comes back.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const order = JSON.parse(process.argv[2]);
const library = createRequire(`${order.modules}/`);
const { Client, Config, EnvironmentEnum, TerminalLocalAPI } = library('@adyen/api-library');
const { default: Unencrypted } = library(
  '@adyen/api-library/lib/src/services/terminalLocalAPIUnencrypted.js',
);

const config = new Config({
  environment: EnvironmentEnum.TEST,
  apiKey: 'not-needed-by-a-pad',
  terminalApiLocalEndpoint: `https://${order.host}`,
  connectionTimeoutMillis: 60000,
  certificatePath: order.ca,
});
const client = new Client(config);
const api = order.key ? new TerminalLocalAPI(client) : new Unencrypted(client);

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { at, request } = JSON.parse(line);
  try {
    say({ at, reply: await api.request(request, order.key) });
  } catch (fault) {
    say({ at, fault: `${fault.name}: ${fault.message}` });
  }
}).on('close', () => process.exit(0));
say({ ready: true });
