import {existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {createRandom} from '../../random.ts';

/** Number of the system call unshare(2), which differs from one architecture to another. */
const unshare: Readonly<Partial<Record<NodeJS.Architecture, number>>> = {x64: 272, arm64: 97};

/**
 * Goes into a time namespace of its own (time_namespaces(7)), moves its monotonic clock on by some nanoseconds and turns
 * into the rest of its arguments. unshare(1) can do that in whole seconds only, and the clock must be moved between
 * unshare(2) and execve(2).
 */
const program =
	'my ($call, $nanoseconds, @command) = @ARGV;' +
	'syscall($call, 0x80) == 0 or die "unshare: $!\\n";' +
	'open(my $file, ">", "/proc/self/timens_offsets") or die "timens_offsets: $!\\n";' +
	'print $file "monotonic 0 $nanoseconds\\n";' +
	'close($file) or die "timens_offsets: $!\\n";' +
	'exec {$command[0]} @command or die "$command[0]: $!\\n";';

/** The golden ratio's fraction: its multiples stay well apart from each other within a second. */
const step = 0.618_034;

/**
 * The command in front of a program that gives it the clock of node number `node`: its seconds begin at another moment
 * than those of the other nodes. BIRD 1.6 counts its timers in whole seconds of the monotonic clock. On machines of their
 * own two nodes' seconds do not begin together; on one machine they do, and both ends of a session can dial in the same
 * instant, collide and come back in the same instant two seconds later (seen on a busy machine: for two minutes and
 * more). That this helps was seen in a few runs and not measured against the same load. Empty where the kernel has no
 * time namespaces (before 5.6), or where there is no perl: then they collide.
 */
export function clockOf(node: number, seed: number, path: string): readonly string[] {
	const call = unshare[process.arch];
	const hasPerl = path.split(delimiter).some(folder => existsSync(join(folder, 'perl')));
	if (call === undefined || !hasPerl || !existsSync('/proc/self/ns/time_for_children')) return [];
	const fraction = (createRandom(seed).fork('clocks').next() + node * step) % 1;
	return ['perl', '-e', program, String(call), String(Math.floor(fraction * 1e9))];
}
