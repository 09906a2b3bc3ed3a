import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {type Cast, castText, castToSvg, parseCast, playCast} from '../../recordings/cast-to-svg.ts';
import {mask} from '../../recordings/mask.ts';
import {record} from '../../recordings/record.ts';
import {scenarios} from '../../recordings/scenarios.ts';

/** `npm run record` sets this: the recordings are made anew instead of compared. */
const renew = process.env.RECORD === '1';

function path(name: string, extension: 'cast' | 'svg'): string {
	return fileURLToPath(new URL(`../../recordings/${name}.${extension}`, import.meta.url));
}

/** The masked screens at a recording's marks. */
async function screensOf(cast: Cast): Promise<string> {
	const screens: string[] = [];
	await playCast(cast, ([, type, name], terminal) => {
		if (type !== 'm') return;
		const buffer = terminal.buffer.active;
		// After leaving, the program's last words can be longer than the screen.
		const first = name === 'left' ? 0 : buffer.viewportY;
		const lines = Array.from(
			{length: buffer.length - first},
			(_, row) => buffer.getLine(first + row)?.translateToString(true) ?? '',
		);
		screens.push(`=== ${name}\n${mask(lines.join('\n')).trimEnd()}\n`);
	});
	return screens.join('\n');
}

describe.each(scenarios)('$name', scenario => {
	test.runIf(renew)(
		'is recorded',
		async () => {
			const cast = await record(scenario, 'people');
			writeFileSync(path(scenario.name, 'cast'), castText(cast));
			writeFileSync(path(scenario.name, 'svg'), await castToSvg(cast));
		},
		180_000,
	);

	test('shows what the program shows', async () => {
		const kept = parseCast(readFileSync(path(scenario.name, 'cast'), 'utf8'));
		expect(kept.header.title).toBe(scenario.title);
		expect(await screensOf(kept)).toBe(await screensOf(await record(scenario, 'test')));
	}, 120_000);

	test('its picture is made from it', async () => {
		const kept = parseCast(readFileSync(path(scenario.name, 'cast'), 'utf8'));
		const svg = readFileSync(path(scenario.name, 'svg'), 'utf8');
		expect(svg).toBe(await castToSvg(kept));
		expect(svg.length).toBeLessThan(400_000);
	});
});
