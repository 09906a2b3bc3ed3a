import {greeting} from './bird-words.ts';
import {type Line, type Parsed, ParseError, parseLines, quote} from './parsed.ts';

/** A route in BIRD's own table, where every peer's copy is to be seen. */
export type BirdRoute = {
	readonly destination: string;
	/** Next hops; empty for a blackhole or a device route. */
	readonly via: readonly string[];
	readonly device: string | null;
	/** The protocol that brought it: `Node_172_31_40_1`, `static1`. */
	readonly protocol: string;
	readonly since: string;
	/** The reflector that passed it on, where it is not the next hop itself. */
	readonly from: string | null;
	/** BIRD uses this copy. */
	readonly best: boolean;
};

/** nest/rt-table.c, rt_show_rte: `%-18s %s [%s %s%s]%s%s`; the prefix is blank on a further route to the same place. */
const routeLine =
	/^(\S*) +(?:via (\S+) on (\S+)(?: onlink)?|dev (\S+)|blackhole|unreachable|prohibited|multipath) \[(\S+) (\S+)(?: from (\S+))?\]( [*!])?(?: \([^)]*\))?(?: \[[^\]]*\])?$/;
const hopLine = /^ +via (\S+) on (\S+)(?: weight \d+)?$/;
const detailLine = /^ +[A-Za-z][\w.]*:/;

/** Reads `birdcl show route [all]`. */
export function parseBirdRoutes(output: string): Parsed<readonly BirdRoute[]> {
	return parseLines(output, lines => {
		const start = lines.findIndex(({text}) => greeting.test(text));
		if (start < 0) throw new ParseError(lines[0]?.number ?? 1, 'BIRD\'s greeting ("BIRD … ready.") is missing');
		const routes: BirdRoute[] = [];
		for (const line of lines.slice(start + 1)) {
			if (detailLine.test(line.text)) continue;
			const last = routes.at(-1);
			const hop = hopLine.exec(line.text);
			if (hop !== null && last !== undefined) {
				routes[routes.length - 1] = {...last, via: [...last.via, hop[1] ?? '']};
			} else {
				routes.push(readRoute(line, last?.destination));
			}
		}
		return routes;
	});
}

function readRoute({number, text}: Line, previous: string | undefined): BirdRoute {
	const match = routeLine.exec(text);
	if (match === null) throw new ParseError(number, `${quote(text)} is not a route of BIRD's`);
	const [, prefix, via, on, device, protocol = '', since = '', from, mark] = match;
	const destination = prefix === '' ? previous : prefix;
	if (!destination?.includes('/')) throw new ParseError(number, `${quote(text)} has no destination`);
	return {
		destination,
		via: via === undefined ? [] : [via],
		device: on ?? device ?? null,
		protocol,
		since,
		from: from ?? null,
		best: mark !== undefined,
	};
}
