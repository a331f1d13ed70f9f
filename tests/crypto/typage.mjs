// Runs the age-encryption package on the steps given as JSON on standard input, so that other
// people's code opens what the portal sealed, and the portal what other people's code sealed.
// {op: "open", identity, file} -> {clear} or {error};  {op: "seal", recipient, clear} -> {file}
const age = await import(process.argv[2]);
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

let input = "";
for await (const piece of process.stdin) input += piece;
const answers = [];
for (const step of JSON.parse(input)) {
  try {
    if (step.op === "open") {
      const decrypter = new age.Decrypter();
      decrypter.addIdentity(step.identity);
      let file = bytes(step.file);
      if (step.armored) file = age.armor.decode(Buffer.from(file).toString());
      answers.push({ clear: base64(await decrypter.decrypt(file)) });
    } else if (step.op === "seal") {
      const encrypter = new age.Encrypter();
      encrypter.addRecipient(step.recipient);
      let file = await encrypter.encrypt(bytes(step.clear));
      if (step.armored) file = Buffer.from(age.armor.encode(file));
      answers.push({ file: base64(file) });
    } else {
      answers.push({ recipient: await age.identityToRecipient(step.identity) });
    }
  } catch (error) {
    answers.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(answers));
