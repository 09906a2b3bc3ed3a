import {type Line, type Parsed, ParseError, parseLines, quote} from './parsed.ts';

/** Which packets of one `ping` were answered, in the order in which they were sent. */
export type PingedPackets = readonly boolean[];

/** The lines of iputils' ping (ping/ping_common.c, ping/ping.c); `-D` puts the time in front of some. */
const header = /^PING \S+ ?\(\S+\)(?: from \S+ \S*:)? \d+(?:\(\d+\))?(?: data)? bytes(?: of data\.)?$/;
const reply = /^(?:\[\d+\.\d+\] )?\d+ bytes from \S+: icmp_seq=(\d+) ttl=\d+(?: time=([\d.]+) ms)?(?: \(DUP!\))?$/;
const silence = /^(?:\[\d+\.\d+\] )?no answer yet for icmp_seq=(\d+)$/;
const trouble = /^(?:\[\d+\.\d+\] )?From \S+:? icmp_seq=\d+ \S.*$/;
const rule = /^--- \S+ ping statistics ---$/;
const counts =
	/^(\d+) packets transmitted, (\d+) received(?:, \+\d+ (?:duplicates|corrupted|errors))*, ([\d.]+)% packet loss, time \d+ms$/;
const closing = /^(?:rtt min\/avg\/max\/mdev = [\d.]+(?:\/[\d.]+){3} ms(?:, pipe \d+)?|pipe \d+)$/;

/** How many packets were asked for, and the milliseconds from one to the next. */
export type PingPace = {readonly count: number; readonly interval: number};

/**
 * Reads what `ping -n -O -c COUNT -i INTERVAL` printed. It says everything twice: each packet but the last is answered or missed in a
 * line of its own, and all are counted at the end. Where the two differ, something is missing, and nothing is taken.
 */
export function parsePing(output: string, {count, interval}: PingPace): Parsed<PingedPackets> {
	return parseLines(output, lines => {
		const start = lines.findIndex(({text}) => header.test(text));
		if (start < 0) throw new ParseError(1, 'the line "PING …" is missing');
		const end = lines.findIndex(({text}) => rule.test(text));
		const [, total, last, ...more] = end < 0 ? [] : lines.slice(end);
		if (!total) throw new ParseError((lines.at(-1)?.number ?? 0) + 1, 'the statistics are missing');
		for (const line of [...(last && !closing.test(last.text) ? [last] : []), ...more]) throw strange(line);
		const {sent, received} = readCounts(total);
		if (sent !== count) throw new ParseError(total.number, `${sent} packets were sent, not ${count}`);
		const seen = readPackets(lines.slice(start + 1, end), sent, interval);
		if (seen.answered.size !== received) {
			throw new ParseError(total.number, `${received} packets are counted as answered, and ${seen.answered.size} were`);
		}
		return Array.from({length: sent}, (_, index) => {
			const packet = index + 1;
			if (seen.answered.has(packet)) return true;
			// Only of the last packet nothing is said: there is no next one before which it could be.
			if (packet < sent && !seen.missed.has(packet))
				throw new ParseError(total.number, `nothing is said of packet ${packet}`);
			return false;
		});
	});
}

function readCounts(line: Line): {readonly sent: number; readonly received: number} {
	const [, first = '', second = '', percent] = counts.exec(line.text) ?? [];
	if (percent === undefined) throw strange(line);
	const [sent, received] = [Number(first), Number(second)];
	// printf's %g: six digits.
	const loss = Number((((sent - received) * 100) / sent).toPrecision(6));
	if (sent < 1 || received > sent || loss !== Number(percent)) {
		throw new ParseError(line.number, `${quote(line.text)} does not add up`);
	}
	return {sent, received};
}

function readPackets(lines: readonly Line[], sent: number, interval: number) {
	const answered = new Set<number>();
	const missed = new Set<number>();
	for (const line of lines) {
		const [, answer, time] = reply.exec(line.text) ?? [];
		const packet = answer ?? silence.exec(line.text)?.[1];
		if (packet === undefined) {
			if (!trouble.test(line.text)) throw strange(line);
			continue;
		}
		const number = Number(packet);
		if (number < 1 || number > sent) throw new ParseError(line.number, `there is no packet ${packet} of ${sent}`);
		if (answer === undefined) missed.add(number);
		// The next packet was sent before this answer came, so that it took longer than from one to the next.
		else if (missed.has(number) && !(Number(time) >= interval))
			throw new ParseError(line.number, `packet ${packet} was late, and took ${time ?? 'no'} ms`);
		else answered.add(number);
	}
	return {answered, missed};
}

function strange({number, text}: Line): ParseError {
	return new ParseError(number, `${quote(text)} is not of ping`);
}
