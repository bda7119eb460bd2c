// Node's pools, driven line by line: a command in, seconds out. The first argument is the folder that holds node_modules.
const path = require('node:path');
const readline = require('node:readline');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const from = createRequire(path.join(process.argv[2], 'package.json'));
const functions = path.join(__dirname, 'functions.cjs');

const pools = {
  workerpool() {
    const pool = from('workerpool').pool(path.join(__dirname, 'workerpool.cjs'), { workerType: 'process', maxWorkers: 2, minWorkers: 2 });
    return { call: (name, args) => pool.exec(name, args), end: () => pool.terminate() };
  },
  'jest-worker'() {
    const pool = new (from('jest-worker').Worker)(functions, { numWorkers: 2, enableWorkerThreads: false, exposedMethods: ['add', 'spin'] });
    return { call: (name, args) => pool[name](...args), end: () => pool.end() };
  },
  async tinypool() {
    const { default: Tinypool } = await import(pathToFileURL(from.resolve('tinypool')));
    const pool = new Tinypool({ filename: path.join(__dirname, 'tinypool.mjs'), runtime: 'child_process', minThreads: 2, maxThreads: 2, env: { ...process.env } });
    return { call: (name, args) => pool.run({ name, args }), end: () => pool.destroy() };
  },
};

const open = {};
const poolOf = async (name) => (open[name] ??= await pools[name]());

async function answer(command, name, count, microseconds) {
  if (command === 'start') {
    const begun = process.hrtime.bigint();
    const pool = await pools[name]();
    await Promise.all([pool.call('add', [1, 2]), pool.call('add', [3, 4])]);
    const end = process.hrtime.bigint();
    await pool.end();
    return Number(end - begun) / 1e9;
  }

  const pool = await poolOf(name);
  await pool.call('add', [1, 2]);
  const begun = process.hrtime.bigint();
  if (command === 'apply') {
    for (let i = 0; i < count; i++) await pool.call('add', [i, 1]);
  } else if (command === 'flood') {
    await Promise.all(Array.from({ length: count }, (_, i) => pool.call('add', [i, 1])));
  } else if (command === 'spin') {
    await Promise.all(Array.from({ length: count }, () => pool.call('spin', [microseconds])));
  }

  return Number(process.hrtime.bigint() - begun) / 1e9;
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [command, name, count, microseconds] = line.split(' ');
    console.log(await answer(command, name, Number(count), Number(microseconds)));
  }

  process.exit(0);
})();
