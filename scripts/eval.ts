/** `npm run eval -- SUBJECT …`: photos for lists are judged by the enrolment, all else by inference. */
await import(
  process.argv[2] === 'enrolment' ? '../enrolment/src/eval/main.ts' : '../inference/src/eval/main.ts'
);
