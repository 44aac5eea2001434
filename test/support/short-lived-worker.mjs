// A worker that serves and then ends, that says nothing more, or that cannot start, as its first message says by the URL
// of the database.
process.on('message', ({ kind, start }) => {
  if (kind !== 'start') process.exit(0);
  if (start.databaseUrl === 'none') {
    process.send({ kind: 'failed', message: 'There is no database.' }, () => process.exit(1));
  } else if (start.databaseUrl === 'silent') {
    process.send({ kind: 'listening' });
  } else {
    process.send({ kind: 'listening' }, () => process.exit(3));
  }
});
