import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Journeys start real processes; more workers than cores only makes them wait for each other.
		maxWorkers: 2,
	},
});
