/** English for what gateways, their devices and their models report. */
export const enGatewayErrors = {
  'error.edge.device_part':
    'Switched off: the gateway cannot use what the server tells it of the device. Update an older gateway, or correct the device in the site file.',
  'error.edge.gallery_missing':
    'The camera is to look for faces, and the gateway has no gallery; everything else goes on. Approve an entry of the lists for the site, or set `faces: false` at the camera.',
  'error.edge.gallery_unreachable':
    'The gateway cannot fetch the gallery that its permit names, or say what it erased. Check that it reaches the gateway door (8884); it tries again by itself.',
  'error.edge.part_unreachable':
    'The gateway cannot fetch the site part that the server announced and goes on with the one before. Check that it reaches the gateway door (8884); it tries again by itself.',
  'error.edge.part_invalid':
    'What the server sent is not what it announced, not signed by it, or older than what is in force. After a restored backup apply the site again; otherwise see who else announces to this gateway.',
  'error.edge.policy_missing': 'No policy yet, so no faces are matched',
  'error.edge.policy_invalid': 'The policy was refused: wrong gateway, key or age',
  'error.edge.policy_expired': 'The policy expired, so no faces are matched',
  'error.edge.gallery_mismatch': 'Not the gallery that the policy names, so no faces are matched',
  'error.edge.ledger_unusable':
    'Uses of passes cannot be counted, so no pass is accepted; check the disk of the gateway',
  'error.edge.scan_unreadable':
    'A code reader sent something that is no scan; check its framing, encoding and speed',
  'error.edge.frame_unreadable': 'A frame could not be decoded; check the camera and its stream settings',
  'error.edge.source_lost': 'Nothing arrives from the device; check power, network and address',
  'error.edge.reading_unreadable':
    'The sensor said something that is no value of its kind; compare its messages with its mapping',
  'error.edge.device_broker': 'The broker of the device network cannot be reached; check it and the network',
  'error.edge.device_broker_refused':
    'The broker of the device network refuses the gateway; correct user and password',
  'error.edge.device_topic_refused':
    'The broker of the device network does not let the gateway hear this device; grant its topics',
  'error.edge.hook_unknown':
    'Something calls the gateway in the name of no device; correct its address, or look who it is',
  'error.edge.hook_signature':
    'The signature of the device’s messages is missing or wrong; correct its key and what it signs',
  'error.edge.hook_time': 'The device’s messages are dated wrongly; set its clock',
  'error.edge.hook_repeated':
    'A message of the device came again; either it only repeats itself, or somebody repeats what was overheard',
  'error.edge.hook_too_large': 'The device’s messages are too large; let it send its state alone',
  'error.edge.hook_flood': 'The device sends too many messages; let it call less often',
  'error.edge.hook_listener':
    'The gateway cannot listen for devices that call; check address and port of `hooks`',
  'error.edge.hook_memory': 'The memory of calls was damaged and set aside; nothing need be done',
  'error.edge.modbus_unreachable': 'The Modbus server cannot be reached; check host, port and network',
  'error.edge.modbus_silent': 'The Modbus device does not answer; check its power, its line and its unit',
  'error.edge.modbus_exception':
    'The Modbus device answers with an exception; compare function and address with its manual',
  'error.edge.zigbee_bridge': 'Zigbee2MQTT says that it is not running; start it and see its log',
  'error.edge.battery_low': 'The battery of the device is low; replace it',
  'error.edge.device_tampered': 'The device says that it was opened or taken off; go and see to it',
  'error.edge.camera_password':
    'The camera refuses the user or password; correct them – the gateway does not try again until they change',
  'error.edge.camera_forbidden': 'The camera does not allow this user to view the stream',
  'error.edge.camera_not_found': 'The camera has no stream at this address; correct the path',
  'error.edge.camera_busy': 'The camera serves no more viewers; close others or use its smaller stream',
  'error.edge.camera_refused':
    'Nothing listens at the camera’s port; check the port and that the service is switched on',
  'error.edge.camera_unreachable': 'The camera’s address does not answer; check power, cable and network',
  'error.edge.camera_host_unknown': 'The camera’s host name is not known; correct it or use the IP address',
  'error.edge.camera_silent': 'The camera takes the connection but does not answer; restart it',
  'error.edge.camera_transport': 'The camera does not support this transport; set it to auto, tcp or udp',
  'error.edge.camera_no_video': 'The stream holds no video; use the address of the video stream',
  'error.edge.camera_no_decoder':
    'There is no decoder for this video format; set the camera to H.264, H.265 or MJPEG',
  'error.edge.camera_protocol': 'What answers there is no camera stream; check the address',
  'error.edge.camera_no_picture':
    'The stream is open but no picture comes; restart the camera or check the firewall',
  'error.edge.camera_behind':
    'The gateway cannot keep up with this camera and skips pictures; use its smaller stream',
  'error.edge.camera_frozen': 'The camera repeats one picture; restart it and look at it',
  'error.edge.camera_covered': 'The camera’s picture is black or shows nothing; go and look at the lens',
  'error.edge.camera_masked':
    'The camera’s masks leave too little of the picture to notice motion or a covered lens; draw them smaller',
  'error.edge.camera_lines':
    'Lines are drawn in the camera’s picture, but it looks for no faces, and nothing else is followed',
  'error.edge.camera_certificate_unknown':
    'Nobody trusted vouches for the camera’s certificate; compare the pin with the camera’s own page and set it',
  'error.edge.camera_certificate_changed':
    'The camera shows another key than the pinned one; was it replaced? Otherwise somebody stands between',
  'error.edge.camera_certificate_name':
    'The camera’s certificate is for another host; use that name in the address, or set the pin',
  'error.edge.camera_certificate_expired':
    'The camera’s certificate is not valid now; check the clocks, renew it, or set the pin',
  'error.edge.outbox_full': 'The gateway’s outbox is full; restore its connection',
  'error.edge.outbox_newer': 'The outbox was written by a newer version of the gateway.',
  'error.edge.outbox_corrupt': 'The gateway’s outbox was unreadable and was replaced',
  'error.edge.command_expired': 'The command arrived too late',
  'error.edge.command_interrupted':
    'The gateway restarted during the command; whether it was done is not known',
  'error.edge.command_retained': 'The command was refused: the broker had kept it from earlier',
  'error.edge.clock_wrong': 'The gateway’s clock is wrong; times are corrected. Set up its time server',
  'error.edge.clock_unknown':
    'The gateway does not know the time: passes go to a guard, no faces are matched',
  'error.edge.disk_full':
    'The gateway’s disk is full; new events wait in memory and would not outlive a restart',
  'error.edge.disk_unwritable':
    'The gateway cannot write to its disk; its events would not outlive a restart',
  'error.edge.command_unknown': 'The gateway does not know this command',
  'error.inference.image_unreadable': 'The image cannot be decoded',
  'error.inference.image_too_large': 'The image has too many pixels',
  'error.inference.model_missing': 'A model file is missing',
  'error.inference.model_hash': 'A model file differs from its manifest',
  'error.inference.model_decoder': 'The model names an unknown decoder',
  'error.inference.model_unfit': 'A model file does not fit its manifest',
  'error.inference.template_invalid': 'A face template is not usable; enrol again',
  'error.inference.face_not_found': 'No face in the image',
  'error.inference.face_ambiguous': 'More than one face in the image',
  'error.inference.face_quality': 'The face is too small, blurred, turned or dark',
  'error.inference.sequence_model_damaged': 'The file of a trained sequence model is damaged',
  'error.inference.sequence_model_foreign': 'The sequence model is of another version or another series',
  'error.inference.sequence_training': 'The training of a sequence model failed',
  'error.inference.evaluation_data': 'The data to evaluate with is missing or malformed',
  'error.edge.device_off': 'Switched off: its entry in the site file has a mistake',
  'error.still.away': 'The gateway of this camera cannot be asked for a picture. See whether it is online.',
  'error.still.late': 'No picture came in time. Try again.',
  'error.still.busy': 'The gateway of this camera is sending another picture. Try again in a few seconds.',
  'error.still.no_picture': 'The gateway has no picture of this camera.',
  'error.still.unknown': 'Nobody waits for this picture any more.',
  'error.edge.command_unsigned': 'The command is not signed by the server of this gateway.',
} as const;
