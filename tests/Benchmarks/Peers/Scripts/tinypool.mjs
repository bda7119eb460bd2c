import functions from './functions.cjs';

export default ({ name, args }) => functions[name](...args);
