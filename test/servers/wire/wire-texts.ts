/** Every code point of the basic plane that a string may hold, some of every other plane, and escapes that must stay. */
export const PLANES = (() => {
  let text = '';
  for (let code = 0x20; code < 0x10000; code++) {
    if (code !== 0x22 && code !== 0x5c && (code < 0xd800 || code > 0xdfff))
      text += String.fromCodePoint(code);
  }
  for (let plane = 1; plane <= 16; plane++) {
    for (const offset of [0, 1, 0xf600, 0xfffd, 0xfffe, 0xffff])
      text += String.fromCodePoint(plane * 0x10000 + offset);
  }
  return `"${text}\\u0000\\u001f\\u0061\\u00e9\\u2028\\u2029\\ud83d\\ude00\\uFFFE\\/\\b\\f\\n\\r\\t\\"\\\\"`;
})();
export const NUMBERS =
  '[18446744073709551615,-9223372036854775809,9007199254740993,1.0,1.10,1e5,1E+5,1e-400,-0,-0.0,0.1,123456789012345678901234567890.123456789012345678901234567890]';
/** Beyond a double: policy cannot compare it, so a call may not hold it; everything else may. */
export const HUGE = '[1e400,-1E+999]';
export const STRANGE = `{"n":${NUMBERS},"":{"":[]}, "__proto__" : {"constructor":null},"u":"\\u0041\u00e9\u{1F600}\u2028\uffff","\\u0061":[ ] ,"z":{ }}`;
export const IDS = [
  '1.0',
  '1e2',
  '-5',
  '-0',
  '0',
  '9007199254740993',
  '18446744073709551616',
  '1.50',
  '""',
  '"\\u0031"',
  '"1"',
  '"\u{1F600}\\n"',
  '" "',
  '"\\u0000"',
  `"${'x'.repeat(300)}"`,
];
