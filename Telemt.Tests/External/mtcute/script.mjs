// node script.mjs LINK DC KEYFILE
//
// Goes to Telegram through the proxy that the link names, as an application does: agrees on an authorisation key with the DC (whose
// RSA key is in KEYFILE, PEM of PKCS #1), makes calls on its main connection and one on a media connection. DC from 10000 up is the
// test environment. Prints one line of JSON.
import { readFileSync } from 'node:fs';
import { addPublicKey } from '@mtcute/core/utils.js';
import { BaseTelegramClient, MemoryStorage, MtProxyTcpTransport } from '@mtcute/node';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';

const [link, dcText, keyFile] = process.argv.slice(2);
const parameters = new URL(link).searchParams;
const dc = Number(dcText);
const testMode = dc >= 10000;

const crypto = new NodeCryptoProvider();
await crypto.initialize?.();
addPublicKey(crypto, readFileSync(keyFile, 'utf8'));

const address = { id: testMode ? dc - 10000 : dc, ipAddress: '127.0.0.1', port: 443, testMode };
const client = new BaseTelegramClient({
  apiId: 1,
  apiHash: 'none',
  crypto,
  storage: new MemoryStorage(),
  disableUpdates: true,
  testMode,
  logLevel: Number(process.env.MTCUTE_LOG ?? 1),
  defaultDcs: { main: address, media: { ...address, mediaOnly: true } },
  transport: new MtProxyTcpTransport({
    host: parameters.get('server'),
    port: Number(parameters.get('port')),
    secret: parameters.get('secret'),
  }),
});

const errors = [];
client.onError.add(error => errors.push(String(error)));
const nearest = await client.call({ _: 'help.getNearestDc' });
const config = await client.call({ _: 'help.getConfig' });
const media = await client.call({ _: 'help.getNearestDc' }, { kind: 'downloadSmall' });
await client.destroy();
console.log(JSON.stringify({ nearestDc: nearest.nearestDc, configDc: config.thisDc, mediaDc: media.thisDc, errors }));
process.exit(0);
