import {type Binding, bindingsIn} from '../wizard/bindings.ts';
import {modeOf} from '../wizard/commands.ts';
import type {WizardState} from '../wizard/state.ts';
import {wizardSteps} from '../wizard/steps.ts';
import {stepOf} from './header.ts';
import {blank, type Line, line, lineWidth, span, widthOf} from './text.ts';

/** How a key is shown; others are shown by their own name. */
const shown: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	'ctrl+c': 'Ctrl+C',
	'ctrl+u': 'Ctrl+U',
	'ctrl+b': 'Ctrl+B',
	'ctrl+f': 'Ctrl+F',
	'shift+tab': 'Shift+Tab',
};

function keyName(key: string): string {
	return shown[key] ?? key;
}

/** The last line: keys that work now, the most used first; what does not fit is in the help. */
export function footerLine(state: WizardState, width: number): Line {
	const mode = modeOf(state);
	if (mode === 'help') return closeHint;
	const bindings = bindingsIn(mode);
	const help = bindings.find(binding => binding.command === 'help');
	return hintsLine(bindings, help, width);
}

/** What the last line says while all keys are shown. */
export const closeHint: Line = [span('any key', 'key'), span(' closes', 'dim')];

/** What hints and help show of a binding. */
type Shown = Pick<Binding, 'keys' | 'label' | 'group' | 'hint' | 'footer'>;

/** The hints that fit, the most used first; the one about the help stands last and always. */
export function hintsLine(bindings: readonly Shown[], help: Shown | undefined, width: number): Line {
	const hints = bindings
		.filter(binding => binding.footer !== null && binding !== help)
		.sort((left, right) => (left.footer ?? 0) - (right.footer ?? 0))
		.map(hint);
	const last = help ? hint(help) : [];
	let spans: Line = [];
	for (const each of hints) {
		const next = [...spans, ...(spans.length > 0 ? [span('  ')] : []), ...each];
		if (lineWidth(next) + 2 + lineWidth(last) > width) break;
		spans = next;
	}
	return [...spans, ...(spans.length > 0 && last.length > 0 ? [span('  ')] : []), ...last];
}

function hint({keys, label, hint: own}: Shown): Line {
	const [shownKeys, text] = own ?? [keyName(keys[0] ?? ''), label];
	return [span(shownKeys, 'key'), span(` ${text}`, 'dim')];
}

/** All keys that hold in the mode behind the help, by group. */
export function helpLines(state: WizardState, width: number, height: number): readonly Line[] {
	return keyLines(aboutText(state), bindingsIn(modeOf({...state, help: false})), width, height);
}

/** Bindings by group below a title. */
export function keyLines(about: string, bindings: readonly Shown[], width: number, height: number): readonly Line[] {
	const groups = ['Steps', 'Here', 'Move', 'Leave'] as const;
	const blocks = groups.flatMap(group => {
		const entries = bindings.filter(binding => binding.group === group);
		return entries.length === 0 ? [] : [[line(group, 'strong'), ...entries.map(helpLine), blank]];
	});
	const all = blocks.flat();
	const title = [line(about, 'accent'), blank];
	const room = height - title.length;
	if (all.length <= room) return [...title, ...all];
	// A low terminal gets two columns.
	const half = Math.ceil(all.length / 2);
	const column = Math.max(Math.floor(width / 2), ...all.slice(0, half).map(each => lineWidth(each) + 2));
	const rows = Array.from({length: half}, (_, index) => {
		const left = all[index] ?? blank;
		return [...left, span(' '.repeat(Math.max(1, column - lineWidth(left)))), ...(all[half + index] ?? blank)];
	});
	return rows.length <= room ? [...title, ...rows] : rows;
}

/** What the step is for. */
function aboutText({screen}: WizardState): string {
	const step = stepOf(screen);
	return wizardSteps.find(each => each.name === step)?.about ?? '';
}

const keysWidth = 12;

function helpLine({keys, label}: Shown): Line {
	const names = keys.map(keyName).join(' ');
	return [span(`  ${names}`, 'key'), span(' '.repeat(Math.max(1, keysWidth - widthOf(names)))), span(label)];
}
