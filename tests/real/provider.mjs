// A real OpenID provider (npm oidc-provider) on this computer, honest unless it is told otherwise.
//
// Whoever signs in is named by login_hint: "<name>" with two factors, "<name>/weak" with one,
// "<name>/none" with neither acr, amr nor acrs, "deny" is refused. POST /_told sets its clock, and
// what it tampers with: the ID token (claims, header, how it is signed), its keys, and what it says
// of itself. Everything else is the provider's own doing.
import http from 'node:http';
import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';

const told = { now: null, claims: {}, header: {}, sign: 'honest', publish: [], discovery: {}, token: {}, away: [] };
const real = Date.now;
Date.now = () => told.now ?? real();
const { Provider, interactionPolicy } = await import('oidc-provider');

const port = Number(process.env.IDP_PORT);
const issuer = `http://127.0.0.1:${port}`;
const pair = (kid) => ({ kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) });
const keys = { honest: pair('honest'), rotated: pair('rotated'), rogue: pair('rogue') };
const jwk = (name, kind) => ({ ...keys[name][kind].export({ format: 'jwk' }), kid: keys[name].kid, alg: 'RS256', use: 'sig' });

const policy = interactionPolicy.base();
policy.get('login').checks.remove('essential_acrs');
policy.get('login').checks.remove('essential_acr');

const provider = new Provider(issuer, {
  clients: JSON.parse(process.env.IDP_CLIENTS),
  jwks: { keys: [jwk('honest', 'privateKey')] },
  cookies: { keys: ['of the tests only'] },
  pkce: { required: () => true },
  acrValues: ['two-factors', 'one-factor'],
  claims: { openid: ['sub', 'acr', 'amr', 'auth_time', 'acrs', 'email'] },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      postLogoutSuccessSource: (ctx) => { ctx.body = '<!doctype html><html lang="en"><title>Left</title><p>You have left.</p>'; },
      logoutSource: (ctx, form) => {
        ctx.body = `<!doctype html><html lang="en"><title>Leaving</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign me out</button></html>`;
      },
    },
  },
  ttl: { AccessToken: 600, IdToken: 600, AuthorizationCode: 60, Session: 3600, Interaction: 600, Grant: 3600 },
  // Its own guard sends nothing to this computer, where the portal of the tests is.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  interactions: { policy, url: (_ctx, it) => `/interaction/${it.uid}` },
  findAccount: (_ctx, id) => {
    const [name, how] = id.split('/');
    const acrs = how ? [] : ['c1', 'c2'];
    return { accountId: id, claims: () => ({ sub: name, acrs, email: 'ruth@northmere.example' }) };
  },
  renderError: (ctx, out) => { ctx.type = 'json'; ctx.body = out; },
});

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// As the provider makes it itself, for its backchannel_logout_uri.
async function logoutToken({ sub, sid }) {
  const client = await provider.Client.find(JSON.parse(process.env.IDP_CLIENTS)[0].client_id);
  const { IdToken } = provider;
  const token = new IdToken({ sub, ...(sid ? { sid } : {}) }, { client, ctx: undefined });
  token.mask = { sub: null, sid: null };
  token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} });
  token.set('jti', randomUUID());
  return retold(await token.issue({ use: 'logout', noTimestamp: false }));
}

function retold(text) {
  const [head, body] = text.split('.').map((part) => { try { return JSON.parse(Buffer.from(part, 'base64url')); } catch { return null; } });
  const header = { ...head, kid: keys[told.sign]?.kid ?? head.kid, ...told.header };
  const claims = { ...body, ...told.claims };
  for (const each of [header, claims]) for (const name of Object.keys(each)) if (each[name] === null) delete each[name];
  if (told.sign === 'none') header.alg = 'none';
  if (told.sign.startsWith('hs256')) header.alg = 'HS256';
  const input = `${encoded(header)}.${encoded(claims)}`;
  const signature = {
    none: () => '',
    'hs256-secret': () => createHmac('sha256', process.env.IDP_SECRET).update(input).digest('base64url'),
    'hs256-public': () => createHmac('sha256', keys.honest.publicKey.export({ type: 'spki', format: 'pem' })).update(input).digest('base64url'),
    'rogue-under-honest-name': () => createSign('sha256').update(input).sign(keys.rogue.privateKey, 'base64url'),
  }[told.sign] ?? (() => createSign('sha256').update(input).sign(keys[told.sign].privateKey, 'base64url'));
  return `${input}.${signature()}`;
}

function tampered(text) {
  const answer = JSON.parse(text);
  if (!answer.id_token) return text;
  return JSON.stringify({ ...answer, id_token: retold(answer.id_token), ...told.token });
}

const changes = {
  '/token': tampered,
  '/jwks': (text) => JSON.stringify({ keys: [...JSON.parse(text).keys, ...told.publish.map((name) => jwk(name, 'publicKey'))] }),
  '/.well-known/openid-configuration': (text) => {
    const said = { ...JSON.parse(text), ...told.discovery };
    for (const name of Object.keys(said)) if (said[name] === null) delete said[name];
    return JSON.stringify(said);
  },
};
const asked = {};

function changing(req, res) {
  const change = changes[req.url.split('?')[0]];
  asked[req.url.split('?')[0]] = (asked[req.url.split('?')[0]] ?? 0) + 1;
  if (!change) return;
  const end = res.end.bind(res);
  res.end = (chunk, ...rest) => {
    if (res.statusCode !== 200 || !chunk) return end(chunk, ...rest);
    const text = change(String(chunk));
    res.setHeader('content-length', Buffer.byteLength(text));
    return end(text);
  };
}

// Its clock is not the browser's: cookies last as long as the browser is open.
function unending(res) {
  const write = res.writeHead.bind(res);
  res.writeHead = (...rest) => {
    const set = res.getHeader('set-cookie');
    if (set) res.setHeader('set-cookie', [set].flat().map((one) => one.replace(/; *expires=(?!Thu, 01 Jan 1970)[^;]*/gi, '')));
    return write(...rest);
  };
}

async function interact(req, res) {
  const found = await provider.interactionDetails(req, res);
  const { prompt, params, session } = found;
  const who = params.login_hint || 'ruth-there';
  const finish = (result) => provider.interactionFinished(req, res, result, { mergeWithLastSubmission: prompt.name !== 'login' });
  if (prompt.name === 'login') {
    if (who === 'deny') return finish({ error: 'access_denied', error_description: '<b>refused</b>' });
    const how = who.split('/')[1];
    const shown = { weak: { acr: 'one-factor', amr: ['pwd'] }, none: {} }[how] ?? { acr: 'two-factors', amr: ['pwd', 'otp', 'mfa'] };
    return finish({ login: { accountId: who, ...shown } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addOIDCClaims(['acrs', 'email', 'acr', 'amr', 'auth_time']);
  return finish({ consent: { grantId: await grant.save() } });
}

const app = provider.callback();
http.createServer(async (req, res) => {
  unending(res);
  try {
    if (req.url === '/favicon.ico') return res.writeHead(204).end();
    if (req.url === '/_asked') return res.end(JSON.stringify(asked));
    if (req.url === '/_told') {
      let text = '';
      for await (const chunk of req) text += chunk;
      Object.assign(told, JSON.parse(text));
      return res.end('{}');
    }
    if (req.url === '/_logout_token') {
      let text = '';
      for await (const chunk of req) text += chunk;
      return res.end(await logoutToken(JSON.parse(text)));
    }
    if (req.url.startsWith('/interaction/')) return await interact(req, res);
    changing(req, res);
    if (told.away.includes(req.url.split('?')[0])) return res.writeHead(503).end();
    return app(req, res);
  } catch (error) {
    res.statusCode = 500;
    return res.end(String(error.stack ?? error));
  }
}).listen(port, '127.0.0.1', () => console.log('ready'));
