// Made from the routes that alerting registers: `npm test -- tests/suites/http-client.test.ts -u`.
import type { z } from 'zod';
import type * as api from '../api/index.ts';

type In<S extends z.ZodType> = z.input<S>;
type Out<S extends z.ZodType> = z.output<S>;

/** What each route of the HTTP API takes and answers, as JSON. */
export interface ApiRoutes {
  'DELETE /account/sessions/{id}': {
    readonly answer: undefined;
  };
  'DELETE /accounts/{id}': {
    readonly answer: undefined;
  };
  'DELETE /accounts/{id}/tokens/{token}': {
    readonly answer: undefined;
  };
  'DELETE /escalation/policies/{id}': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: undefined;
  };
  'DELETE /receivers/{id}': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: undefined;
  };
  'DELETE /response/position': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.ownPositionSchema>;
  };
  'DELETE /session': {
    readonly answer: undefined;
  };
  'GET /account': {
    readonly answer: Out<typeof api.ownAccountSchema>;
  };
  'GET /account/sessions': {
    readonly answer: Out<typeof api.ownSessionListSchema>;
  };
  'GET /accounts': {
    readonly query: In<typeof api.accountQuerySchema>;
    readonly answer: Out<typeof api.accountPageSchema>;
  };
  'GET /accounts/{id}': {
    readonly answer: Out<typeof api.accountSchema>;
  };
  'GET /accounts/{id}/tokens': {
    readonly answer: Out<typeof api.apiTokenListSchema>;
  };
  'GET /alerts': {
    readonly query: In<typeof api.alertQuerySchema>;
    readonly answer: Out<typeof api.alertPageSchema>;
  };
  'GET /alerts/seen': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.unseenSchema>;
  };
  'GET /alerts/{id}': {
    readonly answer: Out<typeof api.alertDetailSchema>;
  };
  'GET /alerts/{id}/candidate': {
    readonly answer: Out<typeof api.candidateCardSchema>;
  };
  'GET /api-tokens/due': {
    readonly answer: Out<typeof api.dueApiTokensSchema>;
  };
  'GET /arming': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.armingListSchema>;
  };
  'GET /arming/{area}/steps': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.armingStepListSchema>;
  };
  'GET /audit': {
    readonly query: In<typeof api.auditQuerySchema>;
    readonly answer: Out<typeof api.auditPageSchema>;
  };
  'GET /duty': {
    readonly query: In<typeof api.dutyQuerySchema>;
    readonly answer: Out<typeof api.onDutySchema>;
  };
  'GET /duty/calendar': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.dutyCalendarSchema>;
  };
  'GET /duty/findings': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.dutyFindingListSchema>;
  };
  'GET /duty/handovers': {
    readonly query: In<typeof api.handoverQuerySchema>;
    readonly answer: Out<typeof api.handoverListSchema>;
  };
  'GET /duty/handovers/{id}': {
    readonly answer: Out<typeof api.handoverSchema>;
  };
  'GET /duty/people': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.dutyPeopleSchema>;
  };
  'GET /duty/rotas': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.dutyRotaListSchema>;
  };
  'GET /duty/rotas/{id}': {
    readonly answer: Out<typeof api.dutyRotaDetailSchema>;
  };
  'GET /duty/shifts': {
    readonly query: In<typeof api.dutyShiftQuerySchema>;
    readonly answer: Out<typeof api.dutyShiftListSchema>;
  };
  'GET /escalation/policies': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.escalationPolicyListSchema>;
  };
  'GET /escalation/runs': {
    readonly query: In<typeof api.escalationRunQuerySchema>;
    readonly answer: Out<typeof api.escalationRunListSchema>;
  };
  'GET /gateways': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.gatewayListSchema>;
  };
  'GET /heat': {
    readonly query: In<typeof api.heatQuerySchema>;
    readonly answer: Out<typeof api.heatMapSchema>;
  };
  'GET /incidents': {
    readonly query: In<typeof api.incidentQuerySchema>;
    readonly answer: Out<typeof api.incidentPageSchema>;
  };
  'GET /incidents/{id}': {
    readonly answer: Out<typeof api.incidentDetailSchema>;
  };
  'GET /lists': {
    readonly query: In<typeof api.listQuerySchema>;
    readonly answer: Out<typeof api.listPageSchema>;
  };
  'GET /lists/{id}': {
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'GET /load': {
    readonly query: In<typeof api.loadQuerySchema>;
    readonly answer: Out<typeof api.loadFiguresSchema>;
  };
  'GET /notices': {
    readonly query: In<typeof api.noticeQuerySchema>;
    readonly answer: Out<typeof api.noticePageSchema>;
  };
  'GET /passes': {
    readonly query: In<typeof api.passQuerySchema>;
    readonly answer: Out<typeof api.passPageSchema>;
  };
  'GET /passes/gates': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.passGatesSchema>;
  };
  'GET /passes/{id}': {
    readonly answer: Out<typeof api.passSchema>;
  };
  'GET /plates': {
    readonly query: In<typeof api.plateQuerySchema>;
    readonly answer: Out<typeof api.platePageSchema>;
  };
  'GET /plates/{id}': {
    readonly answer: Out<typeof api.plateSchema>;
  };
  'GET /privacy': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.privacyListSchema>;
  };
  'GET /receivers': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.receiverListSchema>;
  };
  'GET /rejects': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.rejectListSchema>;
  };
  'GET /response/departments': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.departmentListSchema>;
  };
  'GET /response/departments/{id}/view': {
    readonly answer: Out<typeof api.departmentViewSchema>;
  };
  'GET /response/map': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.unitMapSchema>;
  };
  'GET /response/nearest': {
    readonly query: In<typeof api.nearestQuerySchema>;
    readonly answer: Out<typeof api.nearestUnitsSchema>;
  };
  'GET /response/offers': {
    readonly query: In<typeof api.offerQuerySchema>;
    readonly answer: Out<typeof api.offerPageSchema>;
  };
  'GET /response/people': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.dutyPeopleSchema>;
  };
  'GET /response/position': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.ownPositionSchema>;
  };
  'GET /response/subjects/{id}': {
    readonly answer: Out<typeof api.subjectOffersSchema>;
  };
  'GET /response/subjects/{id}/timeline': {
    readonly answer: Out<typeof api.timelineSchema>;
  };
  'GET /response/tasks': {
    readonly query: In<typeof api.taskQuerySchema>;
    readonly answer: Out<typeof api.taskPageSchema>;
  };
  'GET /rules': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.rulesViewSchema>;
  };
  'GET /session': {
    readonly answer: Out<typeof api.sessionSchema>;
  };
  'GET /session/methods': {
    readonly answer: Out<typeof api.logInMethodsSchema>;
  };
  'GET /setup': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.setupAnswerSchema>;
  };
  'GET /silences': {
    readonly query: In<typeof api.silenceQuerySchema>;
    readonly answer: Out<typeof api.silenceListSchema>;
  };
  'GET /silences/{id}': {
    readonly answer: Out<typeof api.silenceDetailSchema>;
  };
  'GET /site': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.siteResponseSchema>;
  };
  'GET /site-file': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.siteFileViewSchema>;
  };
  'GET /sites': {
    readonly answer: Out<typeof api.siteListSchema>;
  };
  'GET /threshold-report': {
    readonly query: In<typeof api.thresholdReportQuerySchema>;
    readonly answer: Out<typeof api.thresholdReportSchema>;
  };
  'GET /warnings': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.warningListSchema>;
  };
  'POST /account': {
    readonly body: In<typeof api.ownAccountChangeSchema>;
    readonly answer: Out<typeof api.ownAccountSchema>;
  };
  'POST /account-link': {
    readonly body: In<typeof api.accountLinkRequestSchema>;
    readonly answer: Out<typeof api.accountLinkSchema>;
  };
  'POST /account-link/password': {
    readonly body: In<typeof api.linkPasswordRequestSchema>;
    readonly answer: Out<typeof api.sessionSchema>;
  };
  'POST /account/factors/{id}/remove': {
    readonly body: In<typeof api.passwordProofSchema>;
    readonly answer: undefined;
  };
  'POST /account/passkeys': {
    readonly body: In<typeof api.passkeyConfirmSchema>;
    readonly answer: Out<typeof api.passkeyMadeSchema>;
  };
  'POST /account/passkeys/begin': {
    readonly body: In<typeof api.passwordProofSchema>;
    readonly answer: Out<typeof api.passkeyStepSchema>;
  };
  'POST /account/password': {
    readonly body: In<typeof api.passwordChangeSchema>;
    readonly answer: Out<typeof api.sessionSchema>;
  };
  'POST /account/recovery-codes': {
    readonly body: In<typeof api.passwordProofSchema>;
    readonly answer: Out<typeof api.recoveryCodesSchema>;
  };
  'POST /account/sessions/end-others': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: undefined;
  };
  'POST /account/totp': {
    readonly body: In<typeof api.passwordProofSchema>;
    readonly answer: Out<typeof api.totpSetupSchema>;
  };
  'POST /account/totp/confirm': {
    readonly body: In<typeof api.totpConfirmSchema>;
    readonly answer: Out<typeof api.recoveryCodesSchema>;
  };
  'POST /accounts': {
    readonly body: In<typeof api.accountRequestSchema>;
    readonly answer: Out<typeof api.accountWithLinkSchema>;
  };
  'POST /accounts/{id}': {
    readonly body: In<typeof api.accountChangeSchema>;
    readonly answer: Out<typeof api.accountSchema>;
  };
  'POST /accounts/{id}/disable': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: Out<typeof api.accountWithLinkSchema>;
  };
  'POST /accounts/{id}/enable': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: Out<typeof api.accountWithLinkSchema>;
  };
  'POST /accounts/{id}/end-sessions': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: Out<typeof api.accountWithLinkSchema>;
  };
  'POST /accounts/{id}/reset': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: Out<typeof api.accountWithLinkSchema>;
  };
  'POST /accounts/{id}/tokens': {
    readonly body: In<typeof api.apiTokenRequestSchema>;
    readonly answer: Out<typeof api.newApiTokenSchema>;
  };
  'POST /acknowledge-link': {
    readonly body: In<typeof api.acknowledgeLinkRequestSchema>;
    readonly answer: Out<typeof api.acknowledgedByLinkSchema>;
  };
  'POST /acknowledge-link/look': {
    readonly body: In<typeof api.acknowledgeLinkRequestSchema>;
    readonly answer: Out<typeof api.acknowledgeLinkSchema>;
  };
  'POST /alerts/batch': {
    readonly body: In<typeof api.alertBatchRequestSchema>;
    readonly answer: Out<typeof api.alertBatchAnswerSchema>;
  };
  'POST /alerts/seen': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.seenRequestSchema>;
    readonly answer: Out<typeof api.seenAnswerSchema>;
  };
  'POST /alerts/seen/undo': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.seenUndoRequestSchema>;
    readonly answer: Out<typeof api.seenAnswerSchema>;
  };
  'POST /alerts/{id}/candidate': {
    readonly body: In<typeof api.candidateAnswerRequestSchema>;
    readonly answer: Out<typeof api.alertDetailSchema>;
  };
  'POST /alerts/{id}/snooze': {
    readonly body: In<typeof api.snoozeRequestSchema>;
    readonly answer: Out<typeof api.alertDetailSchema>;
  };
  'POST /alerts/{id}/transitions': {
    readonly body: In<typeof api.transitionRequestSchema>;
    readonly answer: Out<typeof api.alertDetailSchema>;
  };
  'POST /alerts/{id}/unsnooze': {
    readonly body: In<typeof api.unsnoozeRequestSchema>;
    readonly answer: Out<typeof api.alertDetailSchema>;
  };
  'POST /arming/{area}/arm': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.armRequestSchema>;
    readonly answer: Out<typeof api.armingAreaViewSchema>;
  };
  'POST /arming/{area}/bypass': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.bypassRequestSchema>;
    readonly answer: Out<typeof api.armingAreaViewSchema>;
  };
  'POST /arming/{area}/disarm': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.disarmRequestSchema>;
    readonly answer: Out<typeof api.armingAreaViewSchema>;
  };
  'POST /arming/{area}/postpone': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.postponeRequestSchema>;
    readonly answer: Out<typeof api.armingAreaViewSchema>;
  };
  'POST /cameras/try': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.cameraTrialRequestSchema>;
    readonly answer: Out<typeof api.cameraTrialSchema>;
  };
  'POST /duty/calendar': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.dutyCalendarRequestSchema>;
    readonly answer: Out<typeof api.dutyCalendarSchema>;
  };
  'POST /duty/exceptions': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.dutyExceptionRequestSchema>;
    readonly answer: Out<typeof api.dutyExceptionSchema>;
  };
  'POST /duty/exceptions/{id}/cancel': {
    readonly body: In<typeof api.dutyReasonRequestSchema>;
    readonly answer: Out<typeof api.dutyExceptionSchema>;
  };
  'POST /duty/handovers': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.handoverRequestSchema>;
    readonly answer: Out<typeof api.handoverSchema>;
  };
  'POST /duty/handovers/{id}/sign': {
    readonly body: In<typeof api.handoverSignRequestSchema>;
    readonly answer: Out<typeof api.handoverSchema>;
  };
  'POST /duty/rotas': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.rotaRequestSchema>;
    readonly answer: Out<typeof api.dutyRotaDetailSchema>;
  };
  'POST /duty/rotas/{id}': {
    readonly body: In<typeof api.rotaEditRequestSchema>;
    readonly answer: Out<typeof api.dutyRotaDetailSchema>;
  };
  'POST /duty/rotas/{id}/end': {
    readonly body: In<typeof api.dutyReasonRequestSchema>;
    readonly answer: undefined;
  };
  'POST /duty/swaps': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.dutySwapRequestSchema>;
    readonly answer: Out<typeof api.dutyExceptionSchema>;
  };
  'POST /duty/swaps/{id}/answer': {
    readonly body: In<typeof api.dutySwapAnswerSchema>;
    readonly answer: Out<typeof api.dutyExceptionSchema>;
  };
  'POST /duty/swaps/{id}/withdraw': {
    readonly answer: Out<typeof api.dutyExceptionSchema>;
  };
  'POST /escalation/policies': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.escalationPolicyRequestSchema>;
    readonly answer: Out<typeof api.escalationPolicySchema>;
  };
  'POST /free-text/find': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.freeTextFindRequestSchema>;
    readonly answer: Out<typeof api.freeTextFoundSchema>;
  };
  'POST /free-text/strike': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.freeTextStrikeRequestSchema>;
    readonly answer: Out<typeof api.freeTextStruckSchema>;
  };
  'POST /incidents/{id}/comments': {
    readonly body: In<typeof api.incidentCommentRequestSchema>;
    readonly answer: Out<typeof api.incidentDetailSchema>;
  };
  'POST /incidents/{id}/merge': {
    readonly body: In<typeof api.incidentMergeRequestSchema>;
    readonly answer: Out<typeof api.incidentDetailSchema>;
  };
  'POST /incidents/{id}/split': {
    readonly body: In<typeof api.incidentSplitRequestSchema>;
    readonly answer: Out<typeof api.incidentDetailSchema>;
  };
  'POST /incidents/{id}/steps': {
    readonly body: In<typeof api.incidentStepRequestSchema>;
    readonly answer: Out<typeof api.incidentDetailSchema>;
  };
  'POST /lists': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.listEntryRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}': {
    readonly body: In<typeof api.listEditRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}/approve': {
    readonly body: In<typeof api.listStepRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}/erase': {
    readonly body: In<typeof api.listReasonRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}/photos': {
    readonly query: { readonly version: unknown; readonly replace?: unknown };
    readonly answer: Out<typeof api.photoAnswerSchema>;
  };
  'POST /lists/{id}/propose': {
    readonly body: In<typeof api.listStepRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}/refuse': {
    readonly body: In<typeof api.listReasonRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}/review': {
    readonly body: In<typeof api.listReviewRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /lists/{id}/withdraw': {
    readonly body: In<typeof api.listReasonRequestSchema>;
    readonly answer: Out<typeof api.listEntrySchema>;
  };
  'POST /mqtt-token': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.mqttAccessSchema>;
  };
  'POST /pass-link': {
    readonly body: In<typeof api.passLinkRequestSchema>;
    readonly answer: Out<typeof api.linkedPassSchema>;
  };
  'POST /passes': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.passRequestSchema>;
    readonly answer: Out<typeof api.passSchema>;
  };
  'POST /passes/confirm': {
    readonly body: In<typeof api.passConfirmRequestSchema>;
    readonly answer: Out<typeof api.passConfirmAnswerSchema>;
  };
  'POST /passes/{id}/link': {
    readonly answer: Out<typeof api.passLinkSchema>;
  };
  'POST /passes/{id}/revoke': {
    readonly body: In<typeof api.passRevokeRequestSchema>;
    readonly answer: Out<typeof api.passSchema>;
  };
  'POST /passes/{id}/show': {
    readonly answer: Out<typeof api.passCodeSchema>;
  };
  'POST /plates': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.plateRequestSchema>;
    readonly answer: Out<typeof api.plateSchema>;
  };
  'POST /plates/{id}/retire': {
    readonly body: In<typeof api.plateRetireRequestSchema>;
    readonly answer: Out<typeof api.plateSchema>;
  };
  'POST /receivers': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.receiverRequestSchema>;
    readonly answer: Out<typeof api.receiverSchema>;
  };
  'POST /receivers/{id}/code': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.receiverTestSchema>;
  };
  'POST /receivers/{id}/test': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.receiverTestSchema>;
  };
  'POST /receivers/{id}/verify': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.receiverCodeSchema>;
    readonly answer: Out<typeof api.receiverSchema>;
  };
  'POST /response/departments': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.departmentRequestSchema>;
    readonly answer: Out<typeof api.departmentSchema>;
  };
  'POST /response/departments/{id}': {
    readonly body: In<typeof api.departmentEditSchema>;
    readonly answer: Out<typeof api.departmentSchema>;
  };
  'POST /response/departments/{id}/end': {
    readonly body: In<typeof api.responseReasonSchema>;
    readonly answer: undefined;
  };
  'POST /response/departments/{id}/units': {
    readonly body: In<typeof api.unitRequestSchema>;
    readonly answer: Out<typeof api.departmentSchema>;
  };
  'POST /response/offers': {
    readonly body: In<typeof api.offerRequestSchema>;
    readonly answer: Out<typeof api.responseOfferSchema>;
  };
  'POST /response/offers/{id}/acknowledge': {
    readonly answer: Out<typeof api.responseOfferSchema>;
  };
  'POST /response/offers/{id}/end': {
    readonly body: In<typeof api.responseReasonSchema>;
    readonly answer: Out<typeof api.responseOfferSchema>;
  };
  'POST /response/offers/{id}/tasks': {
    readonly body: In<typeof api.taskRequestSchema>;
    readonly answer: Out<typeof api.responseOfferSchema>;
  };
  'POST /response/position/consent': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.positionConsentSchema>;
    readonly answer: Out<typeof api.ownPositionSchema>;
  };
  'POST /response/tasks/{id}/steps': {
    readonly body: In<typeof api.taskStepRequestSchema>;
    readonly answer: Out<typeof api.responseTaskSchema>;
  };
  'POST /response/units/{id}': {
    readonly body: In<typeof api.unitEditSchema>;
    readonly answer: Out<typeof api.departmentSchema>;
  };
  'POST /response/units/{id}/end': {
    readonly body: In<typeof api.responseReasonSchema>;
    readonly answer: undefined;
  };
  'POST /rules': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.rulesRequestSchema>;
    readonly answer: Out<typeof api.rulesWrittenSchema>;
  };
  'POST /rules/replay': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.replayRequestSchema>;
    readonly answer: Out<typeof api.replayAnswerSchema>;
  };
  'POST /session': {
    readonly body: In<typeof api.loginRequestSchema>;
    readonly answer: Out<typeof api.sessionSchema> | Out<typeof api.secondStepSchema>;
  };
  'POST /session/passkey': {
    readonly body: In<typeof api.passkeyLogInSchema>;
    readonly answer: Out<typeof api.sessionSchema>;
  };
  'POST /session/passkey/begin': {
    readonly body: Readonly<Record<string, never>>;
    readonly answer: Out<typeof api.passkeyStepSchema>;
  };
  'POST /session/second': {
    readonly body: In<typeof api.secondStepRequestSchema>;
    readonly answer: Out<typeof api.sessionSchema>;
  };
  'POST /silences': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.silenceRequestSchema>;
    readonly answer: Out<typeof api.silenceDetailSchema>;
  };
  'POST /silences/preview': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.silencePreviewRequestSchema>;
    readonly answer: Out<typeof api.silencePreviewSchema>;
  };
  'POST /silences/{id}': {
    readonly body: In<typeof api.silenceChangeRequestSchema>;
    readonly answer: Out<typeof api.silenceDetailSchema>;
  };
  'POST /silences/{id}/end': {
    readonly body: In<typeof api.silenceEndRequestSchema>;
    readonly answer: Out<typeof api.silenceDetailSchema>;
  };
  'POST /silences/{id}/sign': {
    readonly body: In<typeof api.silenceSignRequestSchema>;
    readonly answer: Out<typeof api.silenceDetailSchema>;
  };
  'POST /site-file/apply': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.siteEditsRequestSchema>;
    readonly answer: Out<typeof api.siteAppliedSchema>;
  };
  'POST /site-file/plan': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.siteEditsRequestSchema>;
    readonly answer: Out<typeof api.sitePlanSchema>;
  };
  'POST /warnings': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly answer: Out<typeof api.warningTakenSchema>;
  };
  'POST /warnings/senders': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.warningSenderRequestSchema>;
    readonly answer: undefined;
  };
  'PUT /arming/code': {
    readonly body: In<typeof api.ownArmingCodeSchema>;
    readonly answer: undefined;
  };
  'PUT /response/position': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.positionRequestSchema>;
    readonly answer: Out<typeof api.ownPositionSchema>;
  };
  'PUT /secrets/{name}': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.secretRequestSchema>;
    readonly answer: Out<typeof api.secretAnswerSchema>;
  };
  'PUT /setup': {
    readonly query: In<typeof api.siteQuerySchema>;
    readonly body: In<typeof api.setupRequestSchema>;
    readonly answer: Out<typeof api.setupAnswerSchema>;
  };
}
