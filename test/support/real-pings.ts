/**
 * What `ping` of iputils 20221126 (Debian 12, Linux 6.18) printed between two network namespaces: 172.31.40.1, with
 * 10.65.0.0 on its loopback, and 172.31.40.2, with 10.65.0.64 on its own. Standard output and error, and the exit code.
 */
export type RealPing = {
	readonly argv: string;
	readonly stdout: string;
	readonly stderr: string;
	readonly exitCode: number;
};

export const answered: RealPing = {
	argv: 'ping -n -O -i 0.2 -c 3 -W 1 10.65.0.64',
	stdout: `PING 10.65.0.64 (10.65.0.64) 56(84) bytes of data.
64 bytes from 10.65.0.64: icmp_seq=1 ttl=64 time=0.109 ms
64 bytes from 10.65.0.64: icmp_seq=2 ttl=64 time=0.071 ms
64 bytes from 10.65.0.64: icmp_seq=3 ttl=64 time=0.067 ms

--- 10.65.0.64 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 416ms
rtt min/avg/max/mdev = 0.067/0.082/0.109/0.018 ms
`,
	stderr: '',
	exitCode: 0,
};

/** The route there was deleted after 0.5 s and added again 0.6 s later. */
export const routeGone: RealPing = {
	argv: 'ping -I 10.65.0.0 -n -O -i 0.2 -c 8 -W 1 10.65.0.64',
	stdout: `PING 10.65.0.64 (10.65.0.64) from 10.65.0.0 : 56(84) bytes of data.
64 bytes from 10.65.0.64: icmp_seq=1 ttl=64 time=0.111 ms
64 bytes from 10.65.0.64: icmp_seq=2 ttl=64 time=0.075 ms
64 bytes from 10.65.0.64: icmp_seq=3 ttl=64 time=0.059 ms
no answer yet for icmp_seq=4
no answer yet for icmp_seq=5
no answer yet for icmp_seq=6
64 bytes from 10.65.0.64: icmp_seq=7 ttl=64 time=0.059 ms
64 bytes from 10.65.0.64: icmp_seq=8 ttl=64 time=0.063 ms

--- 10.65.0.64 ping statistics ---
8 packets transmitted, 5 received, 37.5% packet loss, time 1433ms
rtt min/avg/max/mdev = 0.059/0.073/0.111/0.019 ms
`,
	stderr: '',
	exitCode: 0,
};

/** There was no route there all the time. */
export const noRoute: RealPing = {
	argv: 'ping -I 172.31.40.1 -n -O -i 0.2 -c 3 -W 1 10.65.0.64',
	stdout: `PING 10.65.0.64 (10.65.0.64) from 172.31.40.1 : 56(84) bytes of data.
no answer yet for icmp_seq=1
no answer yet for icmp_seq=2

--- 10.65.0.64 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 415ms

`,
	stderr: '',
	exitCode: 1,
};

/** Nobody on the link has that address. */
export const nobody: RealPing = {
	argv: 'ping -n -O -c 6 172.31.40.9',
	stdout: `PING 172.31.40.9 (172.31.40.9) 56(84) bytes of data.
no answer yet for icmp_seq=1
no answer yet for icmp_seq=2
From 172.31.40.1 icmp_seq=1 Destination Host Unreachable
From 172.31.40.1 icmp_seq=2 Destination Host Unreachable
From 172.31.40.1 icmp_seq=3 Destination Host Unreachable
no answer yet for icmp_seq=3
no answer yet for icmp_seq=4
no answer yet for icmp_seq=5
From 172.31.40.1 icmp_seq=4 Destination Host Unreachable
From 172.31.40.1 icmp_seq=5 Destination Host Unreachable
From 172.31.40.1 icmp_seq=6 Destination Host Unreachable

--- 172.31.40.9 ping statistics ---
6 packets transmitted, 0 received, +6 errors, 100% packet loss, time 5113ms
pipe 4
`,
	stderr: '',
	exitCode: 1,
};

/** The next node had no route; of three errors the kernel sent two (icmp_ratelimit). */
export const transitWithoutRoute: RealPing = {
	argv: 'ping -n -O -i 0.3 -c 3 -W 1 10.66.0.1',
	stdout: `PING 10.66.0.1 (10.66.0.1) 56(84) bytes of data.
From 172.31.40.2 icmp_seq=1 Destination Net Unreachable
no answer yet for icmp_seq=1
From 172.31.40.2 icmp_seq=2 Destination Net Unreachable
no answer yet for icmp_seq=2

--- 10.66.0.1 ping statistics ---
3 packets transmitted, 0 received, +2 errors, 100% packet loss, time 619ms

`,
	stderr: '',
	exitCode: 1,
};

/** 25 packets that nobody took: a full send buffer makes `ping` try a packet again, and say its line again. */
export const fullBuffer: RealPing = {
	argv: 'ping -n -O -i 0.2 -c 25 -W 1 172.31.40.9',
	stdout: `PING 172.31.40.9 (172.31.40.9) 56(84) bytes of data.
no answer yet for icmp_seq=1
no answer yet for icmp_seq=2
no answer yet for icmp_seq=3
no answer yet for icmp_seq=4
no answer yet for icmp_seq=5
no answer yet for icmp_seq=6
no answer yet for icmp_seq=7
From 172.31.40.1 icmp_seq=1 Destination Host Unreachable
From 172.31.40.1 icmp_seq=2 Destination Host Unreachable
From 172.31.40.1 icmp_seq=3 Destination Host Unreachable
From 172.31.40.1 icmp_seq=4 Destination Host Unreachable
From 172.31.40.1 icmp_seq=5 Destination Host Unreachable
From 172.31.40.1 icmp_seq=6 Destination Host Unreachable
From 172.31.40.1 icmp_seq=7 Destination Host Unreachable
From 172.31.40.1 icmp_seq=8 Destination Host Unreachable
no answer yet for icmp_seq=8
no answer yet for icmp_seq=9
no answer yet for icmp_seq=10
no answer yet for icmp_seq=11
no answer yet for icmp_seq=12
no answer yet for icmp_seq=13
no answer yet for icmp_seq=14
no answer yet for icmp_seq=15
no answer yet for icmp_seq=16
no answer yet for icmp_seq=17
no answer yet for icmp_seq=18
no answer yet for icmp_seq=19
no answer yet for icmp_seq=20
no answer yet for icmp_seq=20
no answer yet for icmp_seq=20
no answer yet for icmp_seq=20
From 172.31.40.1 icmp_seq=9 Destination Host Unreachable
From 172.31.40.1 icmp_seq=10 Destination Host Unreachable
From 172.31.40.1 icmp_seq=11 Destination Host Unreachable
From 172.31.40.1 icmp_seq=12 Destination Host Unreachable
From 172.31.40.1 icmp_seq=13 Destination Host Unreachable
From 172.31.40.1 icmp_seq=14 Destination Host Unreachable
From 172.31.40.1 icmp_seq=15 Destination Host Unreachable
From 172.31.40.1 icmp_seq=16 Destination Host Unreachable
From 172.31.40.1 icmp_seq=17 Destination Host Unreachable
From 172.31.40.1 icmp_seq=18 Destination Host Unreachable
From 172.31.40.1 icmp_seq=19 Destination Host Unreachable
From 172.31.40.1 icmp_seq=20 Destination Host Unreachable
no answer yet for icmp_seq=20
no answer yet for icmp_seq=21
no answer yet for icmp_seq=22
no answer yet for icmp_seq=23
no answer yet for icmp_seq=24

--- 172.31.40.9 ping statistics ---
25 packets transmitted, 0 received, +20 errors, 100% packet loss, time 5690ms
pipe 12
`,
	stderr: '',
	exitCode: 1,
};

export const quiet: RealPing = {
	argv: 'ping -n -q -I 172.31.40.1 -i 0.2 -c 3 -W 1 10.65.0.64',
	stdout: `PING 10.65.0.64 (10.65.0.64) from 172.31.40.1 : 56(84) bytes of data.

--- 10.65.0.64 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 408ms
rtt min/avg/max/mdev = 0.065/0.065/0.066/0.000 ms
`,
	stderr: '',
	exitCode: 0,
};

export const stamped: RealPing = {
	argv: 'ping -c 2 -i 0.2 -D -n -4 127.0.0.1',
	stdout: `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
[1795570862.699427] 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.022 ms
[1795570862.899784] 64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.042 ms

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 200ms
rtt min/avg/max/mdev = 0.022/0.032/0.042/0.010 ms
`,
	stderr: '',
	exitCode: 0,
};

/** Too few bytes for a time in them. */
export const small: RealPing = {
	argv: 'ping -c 2 -s 3 -i 0.2 127.0.0.1',
	stdout: `PING 127.0.0.1 (127.0.0.1) 3(31) bytes of data.
11 bytes from 127.0.0.1: icmp_seq=1 ttl=64
11 bytes from 127.0.0.1: icmp_seq=2 ttl=64

--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 201ms

`,
	stderr: '',
	exitCode: 0,
};

/** Refusals: arguments, standard error, exit code. */
export const refused: ReadonlyArray<readonly [argv: string, stderr: string, exitCode: number]> = [
	['ping -n -O -i 0.2 -c 2 -W 1 10.99.0.64', 'ping: connect: Network is unreachable\n', 2],
	['ping -I 10.65.0.9 -n -c 3 10.65.0.64', 'ping: bind: Cannot assign requested address\n', 2],
	['ping -c 1 -I nope0 10.65.0.64', 'ping: SO_BINDTODEVICE nope0: No such device\n', 2],
	['ping -c x 10.65.0.64', "ping: invalid argument: 'x'\n", 1],
	['ping -c 0 10.65.0.64', "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n", 1],
	['ping -c 1 -6 10.65.0.64', 'ping: 10.65.0.64: Address family for hostname not supported\n', 2],
	['ping -c 1 -4 ::1', 'ping: ::1: Address family for hostname not supported\n', 2],
	['ping -c 1 nosuchhost.invalid', 'ping: nosuchhost.invalid: Name or service not known\n', 2],
	['ping -c 1', 'ping: usage error: Destination address required\n', 1],
];
