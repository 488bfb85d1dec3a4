import type { Person } from './people.ts';

/** A name in its own script, and in the letters of an e-mail address. */
type Name = { readonly native: string; readonly roman: string };
type Names = { readonly first: readonly Name[]; readonly last: readonly Name[]; readonly titles: readonly string[] };

const plain = (words: string): Name[] =>
  words.split(' ').map((word) => ({ native: word, roman: word.toLowerCase().replace(/[^a-z]/g, '') }));
const paired = (words: string): Name[] =>
  words.split(' ').map((word) => {
    const [native = '', roman = ''] = word.split(':');
    return { native, roman };
  });

export const NAMES: Readonly<Record<Person['locale'], Names>> = {
  en: {
    first: plain(
      'Robert William James Michael Elizabeth Katherine Margaret Jennifer Thomas Daniel Christopher Matthew Patricia Susan Olivia Emma Charlotte Amelia Sophia Grace Hannah Lucas Ethan Noah Liam Mason Logan Oliver George Harry Samuel Benjamin Alexander Victoria Rebecca Jessica Laura Andrew Joseph Edward Nicholas Anthony Gregory Deborah Maya Zoë Chloe Ruby Ella Priya Carlos Mei Fatima Siobhan André Renée',
    ),
    last: plain(
      "Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Turner Phillips Evans Parker Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Cooper Reed Bailey Bell O'Brien O'Connor Smith-Hayes Peña Müller Nguyen Patel Singh Kowalski Fernández",
    ),
    titles: [
      'Marketing Manager',
      'Sales Director',
      'Account Executive',
      'Head of Customer Success',
      'Operations Lead',
      'Software Engineer',
      'Product Manager',
      'Procurement Specialist',
      'CFO',
      'VP Sales',
      'Office Manager',
      'IT Administrator',
    ],
  },
  ja: {
    first: paired(
      '太郎:taro 健一:kenichi 翔太:shota 大輔:daisuke 拓也:takuya 誠:makoto 浩:hiroshi 隆:takashi 直樹:naoki 陽翔:haruto 蓮:ren 悠斗:yuto 花子:hanako 美咲:misaki 陽子:yoko 恵子:keiko 由美:yumi 愛:ai さくら:sakura 結衣:yui 葵:aoi 凛:rin 真由美:mayumi 千尋:chihiro 香織:kaori 智子:tomoko 麻衣:mai 優子:yuko 遥:haruka 七海:nanami 和也:kazuya 亮:ryo 修:osamu 光:hikaru',
    ),
    last: paired(
      '佐藤:sato 鈴木:suzuki 高橋:takahashi 田中:tanaka 伊藤:ito 渡辺:watanabe 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato 吉田:yoshida 山田:yamada 佐々木:sasaki 山口:yamaguchi 松本:matsumoto 井上:inoue 木村:kimura 林:hayashi 斎藤:saito 清水:shimizu 山崎:yamazaki 森:mori 池田:ikeda 橋本:hashimoto 阿部:abe 石川:ishikawa 山下:yamashita 中島:nakajima 小川:ogawa 前田:maeda 岡田:okada 長谷川:hasegawa 藤田:fujita 後藤:goto 近藤:kondo 村上:murakami 遠藤:endo 青木:aoki 坂本:sakamoto 髙島:takashima',
    ),
    titles: ['営業部長', '課長', '代表取締役', '主任', 'マーケティング担当', '購買担当', '情報システム部', '係長', '人事部長', '店長'],
  },
  th: {
    first: paired(
      'สมชาย:somchai สมศรี:somsri วิชัย:wichai สุดา:suda อนันต์:anan มาลี:malee ประเสริฐ:prasert กาญจนา:kanchana ณัฐพล:nattapon พิมพ์ชนก:pimchanok ธนวัฒน์:thanawat ศิริพร:siriporn กิตติ:kitti อรุณี:arunee ชัยวัฒน์:chaiwat นภา:napa วรรณา:wanna สุรชัย:surachai ปิยะ:piya รัตนา:rattana จิราพร:jiraporn ภูมิ:phum นิชา:nicha เอกชัย:ekkachai ดวงใจ:duangjai พงศ์เทพ:pongthep อัญชลี:anchalee ธีรพงษ์:teerapong',
    ),
    last: paired(
      'ศรีสุข:srisuk ทองดี:thongdee วงศ์ไทย:wongthai ใจดี:jaidee แก้วมณี:kaewmanee สุขสวัสดิ์:suksawat บุญมี:boonmee จันทร์เพ็ญ:chanpen พรหมมา:promma รัตนกุล:rattanakul เจริญสุข:charoensuk ชัยมงคล:chaimongkol ศักดิ์ดี:sakdee พูนสุข:poonsuk มณีวงศ์:maneewong อินทรชัย:inthachai สายทอง:saithong ธนากร:thanakorn วัฒนกิจ:wattanakit ปัญญาดี:panyadee นาคสวัสดิ์:naksawat สมบูรณ์:somboon คำแก้ว:khamkaew ลิ้มเจริญ:limcharoen',
    ),
    titles: ['ผู้จัดการฝ่ายขาย', 'กรรมการผู้จัดการ', 'เจ้าหน้าที่การตลาด', 'หัวหน้าฝ่ายจัดซื้อ', 'วิศวกร', 'นักบัญชี', 'ผู้จัดการร้าน', 'เลขานุการ'],
  },
};

/** What people are called who sign with another name. */
export const NICKNAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Robert: 'Bob',
    William: 'Bill',
    James: 'Jim',
    Michael: 'Mike',
    Elizabeth: 'Liz',
    Katherine: 'Kate',
    Margaret: 'Peggy',
    Jennifer: 'Jen',
    Thomas: 'Tom',
    Daniel: 'Dan',
    Christopher: 'Chris',
    Matthew: 'Matt',
    Patricia: 'Pat',
    Susan: 'Sue',
    Samuel: 'Sam',
    Benjamin: 'Ben',
    Alexander: 'Alex',
    Victoria: 'Vicky',
    Rebecca: 'Becky',
    Jessica: 'Jess',
    Andrew: 'Andy',
    Joseph: 'Joe',
    Edward: 'Ted',
    Nicholas: 'Nick',
    Anthony: 'Tony',
    Gregory: 'Greg',
    Deborah: 'Debbie',
  }),
);
