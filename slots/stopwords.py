"""Everyday Spanish and English words that are no misspelling of a name, though some stand one letter from one.

Without accents, as `numbers.fold` leaves them. Knows nothing of slots.
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


COMMON = word_set("""
    abre abren acaba acabo aca agua ahi ahora ahorita algo alguien alla alli amor ando anda andan ante antes anuncia
    anuncio apenas aqui arma asada asi aun aunque ayer ayuda baja bajo banda bando barata barato barra base basta batalla
    bebida bien blanca blanco bodas bola bolsa bonita bonito bueno buena buenas buenos busca cabe cada cae caja cajas calor
    cama cambia cambiar cambio camino camion campo canal canta cantidad cara carga carne caro carro carta casa casas casi
    caso causa cerca cerrar cerveza chava chavo chavos chica chico chicas chicos chula cien cierra cifra cinco cita clara
    claro clase cliente clientes cobra cobro coche cola color come comen comer comida como compa compra comprar con contra
    copia copa corre correo corta corto cosa cosas costo crea crear creo cual cualquier cuando cuanto cuarto cuenta cuesta
    cuida da dale dan dando dar dato datos dame de debe deja dejar del dentro desde despues dia dias dice digo diga dijo
    dime dinero directo disco diseno doble dolar donde dona duda dulce dura edad el ella ellos empresa en encargo enero
    entonces entra entre envio era eran eres es esa ese eso espera esta estaba estan estar este esto estoy exacto extra
    facil falta familia favor fecha feria fila fin final finas firma fondo forma foto fotos frase frente fresa fresco fria
    frio frios fue fuera fueron fuerte fuerza ganar gana gano gasto gente gracias gran grande grandes gratis guapa guarda
    gusta gusto haber habia hablar hace hacen hacer hacia hago hambre hasta hay haz hazlo hecho helada helado hermosa hice
    hielo hija hijo hijos hizo hola hombre hora horas hoy hueva ida idea igual ilusion iba ir jefa jefe joven jovenes juega
    juego jugar junta junto junio julio lado larga largo le lema lento letra letras leve ley libre linda lindo linea lista
    listo llama llega llegan llegar lleva llevar lleve llena lleno local loca loco luego lugar lujo lunes luz madre mala
    malo manda mandar mano manos manera manita mapa marca marcas margen maria marta martes marzo mas mayo mayor media medio
    mejor menos mercancia mero mes mesa meses meta meter metro mexico mezcla mi mia mias miel mil mio mira misma mismo mitad
    modo momento mono monta monto morro morros mostrar mover mucha mucho muchas muchos mueve muestra mujer mundo muy nada
    nadie ni nieve nina ninas nino ninos noche nombre nomas nos nosotros nota nueva nuevo nuevas nunca ocho ocupo oferta
    oigan ojala once onda opcion orden otra otro otras otros padre paga pagar pago pais papa papas papel para parada parece
    pared pareja parte partes parta pasa pasado pasan paso pato patio pedir pega pegar pelea peli pena piden pide piedra
    pieza piezas pinta pinto piso pista plan planta plata plato plaza poca poco pocos poder podria pon poner ponga ponle
    ponlo porque porta posa posible pos precio precios premio presta presa primera primero prima primo promo promos pronto
    prueba publico pueblo puede puedes puedo puerta pues puerto punto pura puro que queda quede quedo quien quiere quieren
    quiero quita quiza rama rapido rato raya real recibe red redes regalo resto rica rico ricas rifa rojo roja rolas ropa
    rosa rostro rubro sabe saber sabor sabores sabroso saca sacar sala sale salen salir salsa salud salva sana sano santa
    sea sean seco sed segunda segundo seguro semana semanas senor senora ser seria sido siempre siete sigue sirve sobra
    sobre sol sola solo somos son sopa su sube subir super suma tal tamano tambien tanta tanto tapa tarde tardes te tela
    tema temas tempo temporada tener tengo tiene tienen tiempo tienda tipo tira toda todas todo todos toma toman tomar tono
    topa toque tope torta trabajo trae traer trago tres trio tu ultima ultimo unas unico unos urge usa usar va vale van vaso
    vasos veces vecina vecino vemos vende venden vender vendo venta ventas ver verde verdad vez vida vieja viejo viene viernes
    vimos vino vista viva vive volar voy vuelta zona zumo
    able about above account across add adds ad after again against ago all allow almost alone along already also always am
    amount an and another answer any anyone anything apart apple are area around art as ask asks at attach away baby back bad
    bag bags ball bank base basic batch be because been before begin behind being believe below best better between big bill
    black blue board body bold book both bottle bottles bottom box boy brand bread break bring brings budget build bulk bunch
    business busy but buy buyer buyers buying by call called came camera candy car card care case cases cash catch catchy
    cause center chain chance change charge chart cheap check child chill choice choose city class clean clear close cloud
    club coal coast coat code coin cold color colors come comes coming cook cool copies corn corner cost costs could count
    country couple course court cover create crowd cup cups current customer cut cute daily dark date day days deal deals dear
    deep delivery design did different dinner dish do does dog doing done door dose down draft draw dream dress drink drinks
    drive drop due during each early earth east easy eat edge eight else email end english enjoy enough even event ever every
    exact eye face fact fair fall family fan fans far farm fast father feel few field file fill find fine finish fire first
    fish fit five fix flag flat flavor floor flow focus folk folks follow food for force form found four frame free fresh
    friend friends from front fruit full fun game games gave gear get gets getting gift girl girls give given glad go goal
    goes going gold gone good got grand grab great green greet grew group grow guess guest guy guys had half hall hand hands
    happen happy hard has have he head hear heart heat heavy hello help her here hers hey hi high him his hit hold hole home
    hope host hot hour hours house how huge ice idea if image in inside into is issue it item items its job join joy juice
    just keep kept key kid kids kind king knew know land large last late later laugh law lay lead learn least leave left less
    let letter level life light like likes limit line lines link list little live local logo long look looks lost lot lots
    loud love low lower luck lunch made mail main make makes making man many mark market match matter may maybe me mean meant
    meat meet men menu mention might mile milk mind mine mini minute miss mix model modern moment money month more morning
    most mother move moving much music must my name near need needs new news next nice night nine no nobody none nope nor
    normal not note nothing now number of off offer office often oh ok okay old on once one ones only open option or orange
    order other our out over own owner pack packs page paid paint paper park part parts pass past pay people per perfect
    phone pick piece pieces place places plain plan plants plate play please plus point poor popular post pour power present
    press pretty price prices print probably problem product promote pull punch pure push put quality question quick quiet
    quite rack rain raise ran range rate reach read ready real really reason red refund remove reply rest rice rich ride
    right ring rise road room round row rule run runs sad safe said sale sales salt same sauce save saw say says school sea
    season seat second see seem seen sell selling sells send sense sent serve set seven several shade shall shape share she
    sheet shelf shine ship shirt shop short should show shows shut sick side sight silver simple since sing single sir sister
    sit six size sizes skip sky sleep slice slow small smart smile snack snow so social soda sold some son song soon sorry
    sort sound soup space speak special speed spend spend spice split spot spring staff stage stand star start state stay
    step stick still stock stop store story straw street strong style such sugar summer sun sure sweet table take takes taste
    tax team tell ten test text than thank thanks that the their them then there these they thick thin thing things think
    third this those three through time times tiny to today together told tomorrow tone tonight too took tool top topic total
    touch tough tour town track trade trail train treat tree trip truck true trust try tuna turn twice two type under unit
    units until up update upon us use used user using usual value very via video view visit voice wait walk wall want wants
    warm was wash waste watch water wave way we wear week weeks well went were west wet what when where which while white who
    whole why wide wife will win wind wine winter wish with within without woman women won wonder wood word words work works
    world worth would wow write wrong year years yellow yes yet you young your youth zero
    costar cocunut coconut coconuts imagine imagina imaginate imagino china salon estudio colonial penal carbon disponible vacio vacia pasada caben grados distribuidor acompanado bebidas
    entrenador cabrito supper teacher teachers sunny lounger loungers diver divers working hitting smoke smoky biker bikers bench request
    cooling cooler loved lover weighs battery kevin rivera wrote writer written writing grass glasses simmer simmers gather stopping pastry
    stool stretch receso puesta balon baila bailar carino bajar horneado sazon querer passes parses ranking cache independent report reports
    shopper shoppers minutes cannot score micro filling differ posteo porra casar casado pensar pescado pescar sentar contar cantar contado
    mejorar marcar llevar llegada salida comidas cenas horno pollo queso salero molino camino cocido corazon razon buzon melon limon raton
    market marker parker barker baker faker maker taker waiter water winter center counter corner cornet planta planto plants pleased
    entregar entregan entrega entregas ponche postre postres poste postal platica platicar rockola cuadra playera compro compras jardin cuadro pasta paleta barro baño bano vidrio plastico barrer parar partir
    marcha mancha lancha concha cancha sirena serena morena arriba abajo sabado domingo fabrica fabrico minuto minutos
    calidad santo santos monte montes marcos marco mango manga tinta tonta pintar prima grupo equipo aviso avisos visual
    vision visita lata latoso boda bodega hotel hostel motel costal cristal crystal postal portal hospital oficial
    estado estados relacion relaciones multiple multiples deberia deberias parche parches dominio dominios primario primarios primaria
    secundario secundarios secundaria varios varias detalle detalles enlazado marcado marcados marcada marcador graficas grafica
    comentario comentarios comenta dibujar dibujan dibuja escalar escala escalado independiente independientes casilla casillas mayores
    pesar pesada pesado entrego boda aleta distribuir distribuido planificar prisa pisar graba grabado graban tratando restaurado partida
    partido combinando combinar araña arana parado parada pausada ausente superada superado superar naturaleza tecnologia tecnologias
    moviles latina latino latin plana plano montara montada tomadas tomada tomado tocaba tocar cumplen cumple cumplir escapada basar
    busque ensaje leyendo leido cadenas cadena topico topicos encoge deseable desprendida operativa estrecho visto vista vistos vistas
    previsto listo bastante bastantes pasteles plastica maquinas fabrica camara camaras cambie caminar caminando campeon campana
    perfil perfume permiso persona personas pescador plaga planes plural posible postura practica practico precisa precio premio
    previo prisa privado produce producto propio propia protege publica pueda puntual quemar quincena quiza quizas raro raton
    recado recibo recoger recuerdo regla regreso reloj remate reparto respeto revista riego robo ronda rueda ruido sabor sacudir
    sala salto saludo secreto seguir semilla senal sentido servir sierra sitio sobrino socio sonar sonrisa sorpresa sueno suerte
    surtir surtido tambor tanque tapete tarea techo temblor tercero tierra tio tia titulo traste trato trono tronco tropa turno
    ubicar uniforme vacuna valiente vapor varon vela veneno ventana verano viaje vidriera viento vigila virtud volante volumen voto
    borrosa borroso nitida nitido nublado mojado quebrado vestido vestir vistiendo vistiera abrigo zapato zapatos lentes
    backward backwards tracing tracking track convert converts encode storing ending endings sending pending binding bending lending
    descriptor macro macros distribute distributed distribution distributions multiply multiplied phase phases proto submit concept
    concepts alter alters quoting quote quotes pager watermark trial trials concern concerns caution horse house hose offline online
    callee hiding riding descriptive spanning spinning deadline gating carriage pinning backing elastic fitting suffer surfer compensate
    blending parity bridge bridges stacking sticking player players exercised partly cinematic clamping cascade kangaroo automate virtually
    blurry berry ferry hurry worry carry marry merry cherry quarter quarters charter chapter barely barley barrel barrier bargain
    bottom button cotton bother brother mother another rather leather weather whether feather gather father further
    patient patients patience parent parents parrot carrot person persons prison season reason poison portion potion motion nation
    ration station stations stadium studio studios student students study sturdy steady stead ready already bread spread thread threat
    treat treats street streets stream steam stick sticker sticky stuff stiff staff stairs stain strain train trainer trainers
    coach couch touch pouch porch torch march match catch patch batch latch watch beach reach teach peach leach bench bunch lunch punch
    crunch launch branch french trench drench charm chart chase chest chess cheese choose chosen chore chord chain chair church
    clown crown brown drown frown grown thrown throne phone stone alone bone tone zone cone ozone shone drone
    cancel candle handle bundle puddle paddle middle riddle fiddle saddle cattle battle rattle settle kettle little brittle
    polish police policy popular people peoples purple pepper paper papers piper viper whisper whiskey winter window widow wisdom
    gallery salary celery battery pottery lottery library libraries literary military primary summary notary rotary
    farming charming warming harming forming format formats former farmer farmers armor harbor neighbor labour rumor humor tumor
    kitten mitten bitten written rotten cotton button mutton curtain certain captain fountain mountain mountains maintain
    recipe receipt recent decent descent present presents prevent event events invent content intent extent client clients
    compact contact contract contrast context connect correct collect select direct district distance instance insurance
    concert convey convoy cover covers coven oven ovens even seven eleven given driven proven haven heaven raven
    hostel hostile hotdog hustle bustle castle whistle wrestle jungle single jingle mingle tingle angle ankle uncle
    office officer officers official offer offers suffer differ buffer buffet bullet ballet wallet pallet palette valet valley volley
    market marker maker baker barker parker packer tracker cracker hacker locker rocker soccer socket pocket rocket ticket tickets cricket
    bucket basket casket gasket racket packet jacket blanket planet planets magnet tablet toilet violet outlet omelet
    glance glasses gloss gross cross across press stress dress guess chess mess less bless class classes mass pass brass grass
    plaster master faster foster poster sister mister minister monster cluster bluster filter falter halter shelter winter
    painter printer pointer counter encounter hunter center enter rent tent dent cent spent scent event
    blurred blurs smudge pixel pixels resize crop crisp bright brighter darker lighter louder softer sharper
    """)
