// oidc-provider behind TLS, as an OAuth server that gives tokens for client credentials.
// Its one argument is JSON; its first line of output says where it is. It ends with its input.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';

const order = JSON.parse(process.argv[2]);
const { default: Provider } = await import(`${order.modules}/oidc-provider/lib/index.js`);
const { createLocalJWKSet, jwtVerify } = await import(`${order.modules}/jose/dist/webapi/index.js`);

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { kid: 'one', alg: 'RS256', use: 'sig' };
const publicKeys = createLocalJWKSet({
  keys: [{ ...pair.publicKey.export({ format: 'jwk' }), ...jwk }],
});
// A token of a large enterprise names each right of its client.
const rights = Array.from({ length: order.rights }, (_, n) => `checkout:amcash:store-${1000 + n}`);

function provider(issuer) {
  return new Provider(issuer, {
    clients: Object.entries(order.clients).map(([method, client_id]) => ({
      client_id,
      client_secret: order.client_secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: `client_secret_${method}`,
    })),
    jwks: { keys: [{ ...pair.privateKey.export({ format: 'jwk' }), ...jwk }] },
    extraTokenClaims: () => ({ permissions: rights }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'https://localhost/another',
        getResourceServerInfo: (_, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

// What a gateway asks about each request: whether its token is one of ours.
async function verify(request, reply, issuer) {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  try {
    await jwtVerify(token, publicKeys, { issuer, audience: order.resource });
    reply.writeHead(204).end();
  } catch {
    reply.writeHead(401).end();
  }
}

const server = https.createServer({ key: readFileSync(order.shown), cert: readFileSync(order.shown) });
server.listen(0, '127.0.0.1', () => {
  const issuer = `https://localhost:${server.address().port}`;
  const answer = provider(issuer).callback();
  server.on('request', (request, reply) =>
    request.url === '/verify' ? verify(request, reply, issuer) : answer(request, reply));
  console.log(JSON.stringify({ url: issuer }));
});
process.stdin.on('end', () => process.exit(0)).resume();
