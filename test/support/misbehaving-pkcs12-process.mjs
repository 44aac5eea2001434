// Stands in for the program that reads PKCS#12 files, and does what the password says.
process.on('message', ({ password }) => {
  if (password === 'crash') process.kill(process.pid, 'SIGKILL');
  if (password === 'throw') throw new Error('a defect');
  const message = password === 'environment' ? JSON.stringify(Object.keys(process.env)) : '';
  process.send({ ok: false, problem: 'noCertificate', message }, () => {
    if (password === 'answer and end') process.kill(process.pid, 'SIGKILL');
  });
});
process.send('ready');
