exports.add = (a, b) => a + b;

exports.spin = (microseconds) => {
  const end = process.hrtime.bigint() + BigInt(Math.round(microseconds * 1000));
  while (process.hrtime.bigint() < end);
  return 0;
};
