export type { EnrolmentConfig } from './config.ts';
export { type Enrolment, startEnrolment } from './start-enrolment.ts';
