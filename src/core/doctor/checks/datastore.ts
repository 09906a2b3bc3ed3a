import {block, check, pass, whenKnown} from '../types.ts';

/** Whether the datastore takes changes now. */
export const datastoreChecks = [
	check('datastore-ready', 'The datastore is ready', ({facts}) =>
		whenKnown(facts.datastoreReady, ready =>
			ready
				? pass('ClusterInformation default says datastoreReady: true.')
				: block(
						'ClusterInformation default says datastoreReady: false: the datastore is locked, calico-node takes no change up.',
						'Wait for the migration or upgrade that locked it, or find out who left it locked.',
					),
		),
	),
	// While a v1-to-v3 migration runs, both API groups exist, and a write may go to the one that is left behind.
	check('datastore-migration', 'No datastore migration is under way', ({facts}) =>
		whenKnown(facts.migration, phase => {
			if (phase === null) return pass('There is no DatastoreMigration.');
			return phase === 'Complete'
				? pass('A DatastoreMigration is there, and Complete.')
				: block(
						`A DatastoreMigration is in phase ${phase}.`,
						'Let it end first: it must be Complete, or deleted before it began.',
					);
		}),
	),
];
