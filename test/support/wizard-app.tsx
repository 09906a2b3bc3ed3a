import {render} from 'ink-testing-library';
import {expect, vi} from 'vitest';
import {App, type Ended} from '../../src/tui/app.tsx';
import type {WizardContext} from '../../src/wizard/context.ts';
import {startPractice} from './practice-run.ts';

/** The wizard's screens, driven by keys, on a practice cluster whose clock jumps. */
export async function openWizard(
	change: (context: WizardContext) => Partial<WizardContext> = () => ({}),
	{columns = 100, rows = 30}: {readonly columns?: number; readonly rows?: number} = {},
) {
	const world = startPractice();
	const signals = new AbortController();
	const context: WizardContext = {
		cluster: world.cluster,
		clock: world.clock,
		preset: {},
		openJournal: () => ({path: '/state/journal.jsonl', append: () => undefined, close: () => undefined}),
		savePlan: async () => '/somewhere/plan',
		signal: signals.signal,
		env: {LANG: 'C.UTF-8'},
	};
	const ends: Ended[] = [];
	const app = render(<App context={{...context, ...change(context)}} onEnd={end => ends.push(end)} />);
	const resize = (width: number, height: number): void => {
		Object.defineProperty(app.stdout, 'columns', {value: width, configurable: true});
		Object.defineProperty(app.stdout, 'rows', {value: height, configurable: true});
		app.stdout.emit('resize');
	};
	resize(columns, rows);
	const text = (): string => app.lastFrame() ?? '';
	const see = async (expected: string | RegExp): Promise<string> =>
		vi.waitFor(
			() => {
				expect(text()).toMatch(expected);
				return text();
			},
			{timeout: 15_000, interval: 5},
		);
	const ended = async (): Promise<Ended> =>
		vi.waitFor(
			() => {
				const [end] = ends;
				if (!end) throw new Error(`not ended; the screen is:\n${text()}`);
				return end;
			},
			{timeout: 15_000, interval: 5},
		);
	/** Keys as they arrive: each text in a read of its own. */
	const type = (...chunks: readonly string[]): void => {
		for (const chunk of chunks) app.stdin.write(chunk);
	};
	return {...world, context, signals, type, see, text, resize, ended, unmount: app.unmount};
}

/** Opens the wizard and goes on to the confirmation. */
export async function openConfirmation(...options: Parameters<typeof openWizard>) {
	const wizard = await openWizard(...options);
	await wizard.see('4/4 up');
	wizard.type('\r');
	await wizard.see('Chosen');
	wizard.type('\r');
	await wizard.see('The whole plan');
	wizard.type('\r');
	await wizard.see('Type apply');
	return wizard;
}
