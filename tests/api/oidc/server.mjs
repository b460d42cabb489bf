// An OpenID provider of its own, with people to sign in as, on a port of its own.
//
// The first line of standard input says what it is: the address that the centre is reached by, the
// client's secret and the people's claims. Prints its port; a line of `rotate` has it sign with other
// keys; it ends when its standard input does.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import http from "node:http";
import readline from "node:readline";
import { Provider } from "oidc-provider";

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const wanted = JSON.parse((await lines.next()).value);
const people = wanted.people;
let answer = null;
const server = http.createServer((request, response) => answer(request, response));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const port = server.address().port;
const issuer = `http://127.0.0.1:${port}`;

function key() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomBytes(6).toString("hex"), use: "sig", alg: "RS256" };
}

function start() {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "telecare",
      client_secret: wanted.secret,
      redirect_uris: [`${wanted.centre}/oidc/callback`],
      post_logout_redirect_uris: [`${wanted.centre}/sign-in`],
      backchannel_logout_uri: `${wanted.centre}/oidc/signed-out`,
    }],
    jwks: { keys: [key()] },
    cookies: { keys: ["only in tests"] },
    claims: { openid: ["sub", "groups", "amr"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
    conformIdTokenClaims: true, // what a scope stands for comes by userinfo alone
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        postLogoutSuccessSource: (context) => { context.body = "<p>Out"; }, // its own wants a font from elsewhere
        logoutSource: (context, form) => { context.body = `${form}<button form="op.logoutForm" name="logout" value="yes">Out</button>`; },
      },
    },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
    // It would not call this machine, where its client is.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    // Whoever signs in has agreed.
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    ttl: { AuthorizationCode: 60, Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  });
  const callback = provider.callback();
  answer = async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return callback(request, response);
    if (request.method === "GET") {
      response.setHeader("Content-Type", "text/html");
      return response.end('<form method="post"><input name="who" id="who"><button id="in">In</button></form>');
    }
    let body = "";
    for await (const part of request) body += part;
    const who = new URLSearchParams(body).get("who");
    const result = who in people
      ? { login: { accountId: who } }
      : { error: "access_denied", error_description: "Nobody of that name." };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
}

start();
console.log(port);
for await (const line of lines) {
  if (line === "rotate") start();
  else Object.assign(people, JSON.parse(line));
  console.log("done");
}
server.closeAllConnections();
server.close();
