import { enrolmentPhoto } from '@watchpost/demo';
import { listedMembers } from '@watchpost/demo/cast';

/** The photos that the people of the demo are enrolled from, JPEG in Base64, by the id of the cast. */
export type DemoPhotos = Readonly<Record<string, string>>;

/** Draws them. In memory alone: no picture of a person is ever in the data folder (decision 0003). */
export async function enrolmentPhotos(): Promise<DemoPhotos> {
  const photos: Record<string, string> = {};
  for (const member of listedMembers) {
    const photo = await enrolmentPhoto(member);
    if (photo) photos[member.id] = Buffer.from(photo).toString('base64');
  }
  return photos;
}
