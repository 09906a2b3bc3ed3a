import {connect} from 'node:net';

/** Runs a command of the practice cluster behind the socket PRACTICE_SOCKET, with this process's arguments and input. */
export async function runPracticeCommand(file) {
	const path = process.env.PRACTICE_SOCKET;
	if (!path) fail(`${file}: PRACTICE_SOCKET is not set`);
	const argv = process.argv.slice(2);
	const input = argv.some(word => /^(?:-f|.*=)?-$/.test(word)) ? await readInput() : undefined;
	const socket = connect(path);
	socket.on('error', error => fail(`${file}: ${error.message}`));
	socket.write(`${JSON.stringify({file, argv, input, directory: process.cwd()})}\n`);
	const answer = JSON.parse(await firstLine(socket));
	socket.end();
	if (answer.killed) process.kill(process.pid, 'SIGKILL');
	process.stdout.write(answer.stdout);
	process.stderr.write(answer.stderr);
	process.exitCode = answer.exitCode;
}

async function readInput() {
	process.stdin.setEncoding('utf8');
	let text = '';
	for await (const chunk of process.stdin) text += chunk;
	return text;
}

function firstLine(socket) {
	return new Promise(resolve => {
		const chunks = [];
		let answered = false;
		socket.setEncoding('utf8');
		socket.on('data', chunk => {
			chunks.push(chunk);
			if (!chunk.includes('\n')) return;
			answered = true;
			resolve(chunks.join(''));
		});
		socket.on('close', () => {
			if (!answered) fail('the practice cluster went away without an answer');
		});
	});
}

function fail(message) {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}
