// A worker that serves and then ends, or that cannot start, as its first message says by the URL of the database.
process.on('message', ({ kind, start }) => {
  if (kind !== 'start') process.exit(0);
  if (start.databaseUrl === 'none') {
    process.send({ kind: 'failed', message: 'There is no database.' }, () => process.exit(1));
  } else {
    process.send({ kind: 'listening' }, () => process.exit(3));
  }
});
