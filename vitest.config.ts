import {defineConfig} from 'vitest/config';

/** Tests of these folders start the built program. */
const built = [
	'test/e2e/**/*.test.ts',
	'test/recordings/**/*.test.ts',
	'test/faults/real/**/*.test.ts',
	'test/safety/**/*.test.ts',
	'test/practice/engine/bird.test.ts',
];

export default defineConfig({
	test: {
		testTimeout: 240_000,
		hookTimeout: 120_000,
		// Journeys start real processes; more workers than cores only makes them wait for each other.
		maxWorkers: 2,
		// The continuous integration counts what passed.
		reporters: process.env.VITEST_JSON ? ['default', ['json', {outputFile: process.env.VITEST_JSON}]] : ['default'],
		projects: [
			{
				extends: true,
				test: {
					name: 'parts',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: built,
					globalSetup: 'test/support/build-client.ts',
				},
			},
			{
				extends: true,
				test: {
					name: 'built',
					include: built,
					globalSetup: 'test/support/build-once.ts',
				},
			},
		],
	},
});
