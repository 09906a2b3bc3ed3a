import {expect, test} from 'vitest';
import {wrapProse} from '../../src/plain/wrap-prose.ts';

const text = `Step 1 of 2: Make node-1 a route reflector
  Why: Label and cluster ID go in one write.
  $ calicoctl patch node node-1 -p '{"metadata":{"labels":{}}}'
    + a line of YAML that is longer than the terminal`;

test('sentences are broken between words, commands and YAML stay whole', () => {
	expect(wrapProse(text, 24)).toBe(`Step 1 of 2: Make
  node-1 a route
  reflector
  Why: Label and
    cluster ID go in
    one write.
  $ calicoctl patch node node-1 -p '{"metadata":{"labels":{}}}'
    + a line of YAML that is longer than the terminal`);
	for (const line of wrapProse(text, 24).split('\n').slice(0, 6)) expect(line.length).toBeLessThan(24);
});

test('without a width, and where it fits, nothing changes', () => {
	expect(wrapProse(text, null)).toBe(text);
	expect(wrapProse(text, 200)).toBe(text);
});
