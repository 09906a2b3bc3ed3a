import {Unicode11Addon} from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import {type Cell, cellHeight, cellWidth, rowMarkup} from './row-markup.ts';

/** An asciinema v2 recording. Events: seconds since the start; `o` output, `r` resize, `m` a marker with its name. */
export type Cast = {
	readonly header: {readonly version: 2; readonly width: number; readonly height: number; readonly title: string};
	readonly events: readonly (readonly [seconds: number, type: 'o' | 'r' | 'm', data: string])[];
};

const padding = 14;
/** Seconds that the last frame stands before the film begins again. */
const lastFrame = 4;
/** Frames closer than this are one: no eye sees them apart, and a program draws one frame in several writes. */
const sameFrame = 0.04;

type Frame = {readonly seconds: number; rows: readonly string[]};

/** The text of a recording: one JSON value a line. */
export function castText({header, events}: Cast): string {
	return [header, ...events].map(line => `${JSON.stringify(line)}\n`).join('');
}

/** Reads a recording's text. */
export function parseCast(text: string): Cast {
	const [header, ...events] = text
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));
	return {header, events};
}

/** Plays a recording on a terminal emulator and calls back after each event. */
export async function playCast(
	{header, events}: Cast,
	onEvent: (event: Cast['events'][number], terminal: InstanceType<typeof xterm.Terminal>) => void,
): Promise<void> {
	const terminal = new xterm.Terminal({cols: header.width, rows: header.height, allowProposedApi: true});
	terminal.loadAddon(new Unicode11Addon());
	terminal.unicode.activeVersion = '11';
	for (const event of events) {
		const [, type, data] = event;
		if (type === 'r') {
			const [cols = header.width, rows = header.height] = data.split('x').map(Number);
			terminal.resize(cols, rows);
		}
		if (type === 'o') await new Promise<void>(resolve => terminal.write(data, resolve));
		onEvent(event, terminal);
	}
}

/** A recording as one animated picture that needs nothing else: a strip of frames, moved by CSS. */
export async function castToSvg(cast: Cast): Promise<string> {
	const frames = await framesOf(cast);
	const {width: cols, height: lines, title} = cast.header;
	const duration = (frames.at(-1)?.seconds ?? 0) + lastFrame;
	const [width, height] = [cols * cellWidth, lines * cellHeight];
	const ids = new Map<string, string>();
	const idOf = (markup: string): string => {
		const id = ids.get(markup) ?? `r${ids.size}`;
		ids.set(markup, id);
		return id;
	};
	const strip = frames.map(
		({rows}, index) =>
			`<g transform="translate(${fixed(index * width)} 0)">${rows
				.map((markup, row) => (markup === '' ? '' : `<use href="#${idOf(markup)}" y="${row * cellHeight}"/>`))
				.join('')}</g>`,
	);
	const keyframes = frames.map(
		({seconds}, index) =>
			`${((seconds / duration) * 100).toFixed(3)}%{transform:translateX(${fixed(-index * width)}px)}`,
	);
	const style = [
		'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c5c8c6;white-space:pre}',
		`.film{animation:film ${duration.toFixed(2)}s steps(1,end) infinite}@keyframes film{${keyframes.join('')}}`,
		`@media(prefers-reduced-motion:reduce){.film{animation:none;transform:translateX(${fixed(-(frames.length - 1) * width)}px)}}`,
	].join('');
	const [outerWidth, outerHeight] = [fixed(width + 2 * padding), fixed(height + 2 * padding)];
	return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${outerWidth} ${outerHeight}" width="${outerWidth}" role="img" aria-label="${title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}">
<style>${style}</style>
<defs>${[...ids].map(([markup, id]) => `<g id="${id}">${markup}</g>`).join('\n')}</defs>
<rect width="100%" height="100%" rx="8" fill="#1d1f21"/>
<svg x="${padding}" y="${padding}" width="${fixed(width)}" height="${fixed(height)}" overflow="hidden"><g class="film">
${strip.join('\n')}
</g></svg></svg>
`;
}

async function framesOf(cast: Cast): Promise<readonly Frame[]> {
	const frames: Frame[] = [];
	await playCast(cast, ([seconds, type], terminal) => {
		if (type === 'm') return;
		const buffer = terminal.buffer.active;
		const rows = Array.from({length: terminal.rows}, (_, y) => {
			const line = buffer.getLine(buffer.viewportY + y);
			const cells: Cell[] = [];
			for (let x = 0; x < terminal.cols; x++) {
				const cell = line?.getCell(x);
				if (cell) cells.push(cell);
			}
			return rowMarkup(cells);
		});
		const last = frames.at(-1);
		if (last && seconds - last.seconds < sameFrame) last.rows = rows;
		else if (last?.rows.join('\n') !== rows.join('\n')) frames.push({seconds, rows});
	});
	return frames;
}

function fixed(number: number): string {
	return String(Number(number.toFixed(1)));
}
