// workerpool's workers speak over the parent's copy of the package.
const path = require('node:path');
const { createRequire } = require('node:module');

createRequire(path.join(process.env.PEER_MODULES, 'package.json'))('workerpool').worker(require('./functions.cjs'));
